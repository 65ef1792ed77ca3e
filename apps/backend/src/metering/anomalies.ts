import type { Db } from '../database/db.ts';
import { closeIncidentOf, openIncident } from '../incidents/report.ts';

/** Days to compare with, and how many of them there must be. */
const DAYS = 14;
const FEWEST_DAYS = 5;
/** In robust standard deviations (1.4826 × the median deviation): outliers of the past do not hide new ones. */
const DEVIATIONS = 6;
/** A day must also cost this many times its usual, and this many cents more: quiet platforms vary by nothing. */
const TIMES = 2;
const LEAST_MINOR = 5;

/**
 * Compares each platform's day with its own last fourteen, by the cost of a measured minute. One that stands out
 * opens an incident; an ordinary day closes it.
 */
export async function flagAnomalies(db: Db, day: Date): Promise<void> {
  const days = await db.query<{
    instanceId: string;
    slug: string;
    cost: number;
    usual: number;
    stands: boolean;
    open: boolean;
  }>(COMPARE, [day, DAYS, FEWEST_DAYS, DEVIATIONS, TIMES, LEAST_MINOR]);
  for (const { instanceId, slug, cost, usual, stands, open } of days) {
    const key = `cost:${instanceId}`;
    if (stands) {
      const on = day.toISOString().slice(0, 10);
      await openIncident(db, {
        key,
        instanceId,
        kind: 'cost',
        severity: 'warning',
        title: `${slug} cost ${euros(cost)} on ${on}, usually ${euros(usual)}`,
      });
    } else if (open) await closeIncidentOf(db, key);
  }
}

const euros = (minor: number) => `${(minor / 100).toFixed(2)} €`;

const COMPARE = `
WITH costs AS (
  SELECT instance_id, day, cost_minor * 1440 / minutes AS cost FROM meter_days
  WHERE day >= $1::timestamptz - make_interval(days => $2::int) AND day <= $1::timestamptz AND minutes > 0
), usual AS (
  SELECT instance_id, count(*) AS days, percentile_cont(0.5) WITHIN GROUP (ORDER BY cost) AS median
  FROM costs WHERE day < $1::timestamptz GROUP BY instance_id
), spread AS (
  SELECT u.instance_id, u.days, u.median,
    percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(c.cost - u.median)) * 1.4826 AS deviation
  FROM usual u JOIN costs c ON c.instance_id = u.instance_id AND c.day < $1::timestamptz
  GROUP BY u.instance_id, u.days, u.median
)
SELECT i.id AS "instanceId", i.slug, c.cost::float8 AS cost, s.median::float8 AS usual,
  (s.days >= $3 AND c.cost > s.median + $4 * s.deviation AND c.cost > s.median * $5 AND c.cost > s.median + $6) AS stands,
  EXISTS (SELECT 1 FROM incidents n WHERE n.key = 'cost:' || i.id AND n.state = 'open') AS open
FROM costs c JOIN spread s ON s.instance_id = c.instance_id JOIN instances i ON i.id = c.instance_id
WHERE c.day = $1::timestamptz`;
