import type { ResponseOf } from '@preau/contract';
import { latencyBounds } from '@preau/contract/gateway';
import type { getInstanceMetering, MeterPoint } from '@preau/contract/platform/metering';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { firstOpenDay } from './rollUp.ts';
import { DAY_MS, dayOf, daysBetween } from './usage.ts';

type Metering = ResponseOf<typeof getInstanceMetering>;

const DAYS = 30;
const INCIDENTS = 30;

type Row = Omit<MeterPoint, 'p95Seconds' | 'at'> & { at: Date; latencies: number[][] };

/** What staff see of one instance. @throws Problem `not-found` */
export async function readInstanceMetering(
  { settings }: Pick<App, 'settings'>,
  db: Db,
  instanceId: string,
): Promise<Metering> {
  const { memoryLimitBytes, incidents } = found(
    await db.maybe<Pick<Metering, 'memoryLimitBytes' | 'incidents'>>(
      `SELECT (coalesce((t.entitlements ->> 'memoryMegabytes')::float8, 0) * 1048576) AS "memoryLimitBytes",
         (SELECT coalesce(json_agg(json_build_object('id', n.id, 'kind', n.kind, 'severity', n.severity, 'title', n.title,
            'openedAt', n.created_at, 'closedAt', n.closed_at)), '[]') FROM
            (SELECT * FROM incidents n WHERE n.instance_id = i.id ORDER BY n.created_at DESC LIMIT $2) n) AS incidents
       FROM instances i JOIN tenants t ON t.id = i.tenant_id WHERE i.id = $1`,
      [instanceId, INCIDENTS],
    ),
  );
  const rows = await db.query<Row>(POINTS, [instanceId]);
  const today = dayOf(Date.now()).getTime();
  const end = new Date(today + DAY_MS);
  const open = (await firstOpenDay(db)) ?? end;
  const days = await db.query<Metering['days'][number]>(
    `WITH spent AS (${daysBetween(settings.RATE_CARD)})
     SELECT to_char(d AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, s.up_minutes::int AS "upMinutes", s.down_minutes::int AS "downMinutes",
       s.cost_minor::float8 AS "costMinor", s.price_minor::float8 AS "priceMinor"
     FROM generate_series($1::timestamptz, $2::timestamptz - interval '1 day', interval '1 day') d
     LEFT JOIN spent s ON s.day = d AND s.instance_id = $4 ORDER BY d`,
    [new Date(today - (DAYS - 1) * DAY_MS), end, open, instanceId],
  );
  return {
    memoryLimitBytes,
    incidents,
    days,
    points: rows.map(({ latencies, at, ...row }) => ({
      ...row,
      at: at.toISOString(),
      p95Seconds: p95Of(latencies),
    })),
  };
}

/** The bound that 95 of 100 requests stayed under; null without requests. */
function p95Of(latencies: readonly number[][]): number | null {
  const counts = latencyBounds.map((_, index) =>
    latencies.reduce((sum, each) => sum + (each[index] ?? 0), 0),
  );
  const total = latencies.flat().reduce((sum, each) => sum + each, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const [index, count] of counts.entries()) {
    seen += count;
    if (seen >= total * 0.95) return latencyBounds[index] ?? null;
  }
  return latencyBounds.at(-1) ?? null;
}

/** 24 hours in steps of ten minutes, gaps included. */
const POINTS = `
SELECT step.at, count(m.at)::int AS minutes, max(m.memory_bytes)::float8 AS "memoryBytes",
  (sum(m.cpu_seconds) / nullif(count(m.cpu_seconds) * 60, 0))::float8 AS processors, sum(m.requests)::float8 AS requests,
  sum(m.server_errors)::float8 AS "serverErrors", coalesce(sum(m.restarts), 0)::int AS restarts,
  coalesce(json_agg(m.latency) FILTER (WHERE m.latency IS NOT NULL), '[]') AS latencies
FROM generate_series(date_bin('10 minutes', now() - interval '24 hours', '2020-01-01'), now(), '10 minutes') AS step (at)
LEFT JOIN meter_minutes m ON m.instance_id = $1 AND m.at >= step.at AND m.at < step.at + interval '10 minutes'
GROUP BY step.at ORDER BY step.at`;
