import type { ResponseOf } from '@preau/contract';
import type { getInstanceHealth } from '@preau/contract/platform/metering';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { readLimits } from './limits.ts';
import { firstOpenDay } from './rollUp.ts';
import { DAY_MS, dayOf, daysBetween } from './usage.ts';

type Health = ResponseOf<typeof getInstanceHealth>;

const DAYS = 30;
const EVENTS = 50;

/** How a platform is and was, for its customer: nothing of how we run it. */
export async function readInstanceHealth(
  { settings }: Pick<App, 'settings'>,
  db: Db,
  instanceId: string,
): Promise<Health> {
  const today = dayOf(Date.now()).getTime();
  const first = new Date(today - (DAYS - 1) * DAY_MS);
  const end = new Date(today + DAY_MS);
  const open = (await firstOpenDay(db)) ?? end;
  const [{ health, events }, days, { limits, measuredAt }] = await Promise.all([
    db.one<Pick<Health, 'health' | 'events'>>(EVENTS_SQL, [instanceId, first, EVENTS]),
    db.query<Health['days'][number]>(
      `WITH spent AS (${daysBetween(settings.RATE_CARD)})
       SELECT to_char(d AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, s.up_minutes::int AS "upMinutes", s.down_minutes::int AS "downMinutes"
       FROM generate_series($1::timestamptz, $2::timestamptz - interval '1 day', interval '1 day') d
       LEFT JOIN spent s ON s.day = d AND s.instance_id = $4 ORDER BY d`,
      [first, end, open, instanceId],
    ),
    readLimits(db, instanceId),
  ]);
  return { health, days, events, limits, measuredAt };
}

const EVENTS_SQL = `
SELECT i.health, (SELECT coalesce(json_agg(e), '[]') FROM (
  SELECT * FROM (
    SELECT n.id, 'outage' AS kind, n.created_at AS "startedAt", n.closed_at AS "endedAt", NULL::boolean AS succeeded
    FROM incidents n WHERE n.instance_id = i.id AND n.kind = 'down' AND n.created_at >= $2
    UNION ALL
    SELECT o.id, o.type::text, o.created_at, o.finished_at, CASE WHEN o.finished_at IS NULL THEN NULL ELSE o.state = 'succeeded' END
    FROM operations o WHERE o.instance_id = i.id AND o.type IN ('update', 'restart', 'rotate') AND o.created_at >= $2
  ) all_events ORDER BY "startedAt" DESC LIMIT $3) e) AS events
FROM instances i WHERE i.id = $1`;
