import type { RateCard } from '@preau/contract/platform/metering';

const GIB = 2 ** 30;
const MINUTES_A_MONTH = 30 * 24 * 60;

/** What a euro of the rate card is for each unit that is summed up, in cents; parameters come with the card. */
const cents = (rates: RateCard) => {
  const each = (euros: number, units: number) => `${((euros * 100) / units).toExponential(12)}::numeric`;
  return {
    memory: `d.memory_byte_minutes * ${each(rates.memoryGibHour, GIB * 60)}`,
    processor: `d.cpu_seconds * ${each(rates.processorHour, 3_600)}`,
    egress: `d.egress_bytes * ${each(rates.egressGib, GIB)}`,
    storage: `d.storage_byte_minutes * ${each(rates.storageGibMonth, GIB * MINUTES_A_MONTH)}`,
    database: `d.database_byte_minutes * ${each(rates.databaseGibMonth, GIB * MINUTES_A_MONTH)}`,
    mail: `d.mails * ${each(rates.mail, 1)}`,
  };
};

/**
 * Days of instances, as `meter_days` has them, out of their minutes between $1 and $2. A yearly price counts the days
 * of its year, a monthly one those of its month; both only for the minutes that were measured, as the cost does.
 */
export function daysOfMinutes(rates: RateCard): string {
  const parts = cents(rates);
  return `
SELECT d.*, jsonb_build_object(${Object.entries(parts)
    .map(([part, sql]) => `'${part}', round(${sql}, 6)`)
    .join(', ')}) AS parts,
  ${Object.values(parts).join(' + ')} AS cost_minor,
  coalesce((SELECT sum(o.total_minor * d.minutes / 1440 / CASE o.interval
      WHEN 'year' THEN extract(day FROM date_trunc('year', d.day, 'UTC') + interval '1 year' - date_trunc('year', d.day, 'UTC'))
      ELSE extract(day FROM date_trunc('month', d.day, 'UTC') + interval '1 month' - date_trunc('month', d.day, 'UTC')) END)
    FROM subscriptions s JOIN orders o ON o.id = s.order_id
    WHERE s.instance_id = d.instance_id AND s.state IN ('active', 'past_due')), 0) AS price_minor
FROM (
  SELECT m.instance_id, date_trunc('day', m.at, 'UTC') AS day, count(*)::numeric AS minutes,
    count(*) FILTER (WHERE m.standing IN ('up', 'asleep'))::numeric AS up_minutes,
    count(*) FILTER (WHERE m.standing = 'down')::numeric AS down_minutes,
    coalesce(sum(m.cpu_seconds), 0) AS cpu_seconds, coalesce(sum(m.memory_bytes), 0) AS memory_byte_minutes,
    coalesce(sum(m.requests), 0) AS requests, coalesce(sum(m.server_errors), 0) AS server_errors,
    coalesce(sum(m.egress_bytes), 0) AS egress_bytes, coalesce(sum(m.storage_bytes), 0) AS storage_byte_minutes,
    coalesce(sum(m.database_bytes), 0) AS database_byte_minutes, coalesce(sum(m.mails), 0) AS mails
  FROM meter_minutes m WHERE m.at >= $1::timestamptz AND m.at < $2::timestamptz
  GROUP BY m.instance_id, date_trunc('day', m.at, 'UTC')
) d`;
}

export const DAY_COLUMNS = `instance_id, day, minutes, up_minutes, down_minutes, cpu_seconds, memory_byte_minutes,
  requests, server_errors, egress_bytes, storage_byte_minutes, database_byte_minutes, mails, parts, cost_minor, price_minor`;

/** Days that are written down, and those since, out of their minutes: $1 the first day, $2 the end, $3 the first unwritten. */
export const daysBetween = (rates: RateCard): string => `
SELECT ${DAY_COLUMNS} FROM meter_days WHERE day >= $1::timestamptz AND day < least($2::timestamptz, $3::timestamptz)
UNION ALL
SELECT ${DAY_COLUMNS} FROM (${daysOfMinutes(rates).replace('$1::timestamptz', 'greatest($1::timestamptz, $3::timestamptz)')}) live`;

export const DAY_MS = 86_400_000;
/** The beginning of a day in UTC. */
export const dayOf = (instant: number): Date => new Date(Math.floor(instant / DAY_MS) * DAY_MS);
