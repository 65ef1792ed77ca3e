import type { Locale, QueryOf, ResponseOf } from '@preau/contract';
import type { CostRow, exportCosts, listCosts } from '@preau/contract/platform/metering';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { csvFile, csvOf } from '../http/csv.ts';
import type { BinaryAnswer } from '../http/implement.ts';
import { firstOpenDay } from './rollUp.ts';
import { DAY_MS, dayOf, daysBetween } from './usage.ts';

type Costs = ResponseOf<typeof listCosts>;
type Query = QueryOf<typeof listCosts>;

const DAYS = 30;
/** Longer spans are cut at their beginning. */
const MOST_DAYS = 400;
const ORDERS: Record<Query['order'], string> = {
  cost: '"costMinor"',
  margin: '"marginMinor"',
  price: '"priceMinor"',
  slug: 'slug',
  cpu: '"cpuSeconds"',
  memory: '"memoryGibHours"',
  egress: '"egressBytes"',
  storage: '"storageBytes"',
};
const PARTS = ['memory', 'processor', 'egress', 'storage', 'database', 'mail'] as const;
const partsSql = (row: string) =>
  `json_build_object(${PARTS.map((part) => `'${part}', coalesce(sum((${row}.parts ->> '${part}')::numeric), 0)`).join(', ')})`;

/** The days asked for: first, last, and the end of the last. */
function spanOf({ from, to }: { from?: string | undefined; to?: string | undefined }) {
  const last = Math.min(dayOf(Date.now()).getTime(), to ? Date.parse(to) : Number.POSITIVE_INFINITY);
  const first = Math.max(
    Math.min(last, from ? Date.parse(from) : last - (DAYS - 1) * DAY_MS),
    last - (MOST_DAYS - 1) * DAY_MS,
  );
  return { first: new Date(first), last: new Date(last), end: new Date(last + DAY_MS) };
}

const isoDay = (day: Date) => day.toISOString().slice(0, 10);

/** What platforms cost and bring in. */
export async function readCosts({ settings }: Pick<App, 'settings'>, db: Db, query: Query): Promise<Costs> {
  const { first, last, end } = spanOf(query);
  const open = (await firstOpenDay(db)) ?? end;
  const rates = settings.RATE_CARD;
  const { answer } = await db.one<{
    answer: Pick<Costs, 'items' | 'total' | 'totals' | 'days'>;
  }>(
    `WITH spent AS (${daysBetween(rates)}), per AS (
       SELECT s.instance_id AS "instanceId", i.slug, i.name, p.code AS "planCode", v.texts -> 'name' AS "planName",
         sum(s.minutes)::int AS minutes,
         sum(s.cost_minor)::float8 AS "costMinor", sum(s.price_minor)::float8 AS "priceMinor",
         sum(s.price_minor - s.cost_minor)::float8 AS "marginMinor", ${partsSql('s')} AS parts,
         sum(s.cpu_seconds)::float8 AS "cpuSeconds", (sum(s.memory_byte_minutes) / 1073741824 / 60)::float8 AS "memoryGibHours",
         sum(s.requests)::float8 AS requests, sum(s.server_errors)::float8 AS "serverErrors",
         sum(s.egress_bytes)::float8 AS "egressBytes",
         (sum(s.storage_byte_minutes) / greatest(sum(s.minutes), 1))::float8 AS "storageBytes",
         (sum(s.database_byte_minutes) / greatest(sum(s.minutes), 1))::float8 AS "databaseBytes", sum(s.mails)::float8 AS mails,
         EXISTS (SELECT 1 FROM incidents n WHERE n.key = 'cost:' || s.instance_id AND n.state = 'open') AS anomalous
       FROM spent s JOIN instances i ON i.id = s.instance_id JOIN plan_versions v ON v.id = i.plan_version_id
       JOIN plans p ON p.id = v.plan_id GROUP BY s.instance_id, i.slug, i.name, p.code, v.texts)
     SELECT json_build_object(
       'total', (SELECT count(*) FROM per),
       'items', (SELECT coalesce(json_agg(l), '[]') FROM (SELECT * FROM per
          ORDER BY ${ORDERS[query.order]} ${query.direction === 'up' ? 'ASC' : 'DESC'}, slug LIMIT $4 OFFSET $5) l),
       'totals', (SELECT json_build_object('costMinor', coalesce(sum(cost_minor), 0), 'priceMinor', coalesce(sum(price_minor), 0),
          'parts', ${partsSql('spent')}) FROM spent),
       'days', (SELECT coalesce(json_agg(json_build_object('day', d.day, 'costMinor', d.cost, 'priceMinor', d.price) ORDER BY d.day), '[]')
          FROM (SELECT to_char(day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, sum(cost_minor) AS cost, sum(price_minor) AS price
            FROM spent GROUP BY day) d)) AS answer`,
    [first, end, open, query.pageSize, (query.page - 1) * query.pageSize],
  );
  return {
    ...answer,
    page: query.page,
    pageSize: query.pageSize,
    from: isoDay(first),
    to: isoDay(last),
    rates,
  };
}

const COLUMNS = [
  'day',
  'slug',
  'planCode',
  'minutes',
  'costMinor',
  'priceMinor',
  'marginMinor',
  ...PARTS,
  'cpuSeconds',
  'memoryGibHours',
  'requests',
  'serverErrors',
  'egressBytes',
  'storageBytes',
  'databaseBytes',
  'mails',
] as const;
type Exported = Omit<CostRow, 'parts' | 'instanceId' | 'name' | 'planName' | 'anomalous'> &
  CostRow['parts'] & { day: string };

/** Every platform and day, one line each; amounts in cents, with a point, so that programs read them too. */
export async function exportCostsAs(
  { settings }: Pick<App, 'settings'>,
  db: Db,
  query: QueryOf<typeof exportCosts>,
  locale: Locale,
): Promise<BinaryAnswer> {
  const { first, last, end } = spanOf(query);
  const open = (await firstOpenDay(db)) ?? end;
  const rows = await db.query<Exported>(
    `WITH spent AS (${daysBetween(settings.RATE_CARD)})
     SELECT to_char(s.day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, i.slug, p.code AS "planCode", s.minutes::int AS minutes,
       round(s.cost_minor, 4)::float8 AS "costMinor", round(s.price_minor, 4)::float8 AS "priceMinor",
       round(s.price_minor - s.cost_minor, 4)::float8 AS "marginMinor",
       ${PARTS.map((part) => `(s.parts ->> '${part}')::float8 AS ${part}`).join(', ')},
       s.cpu_seconds::float8 AS "cpuSeconds", round(s.memory_byte_minutes / 1073741824 / 60, 4)::float8 AS "memoryGibHours",
       s.requests::float8 AS requests, s.server_errors::float8 AS "serverErrors", s.egress_bytes::float8 AS "egressBytes",
       round(s.storage_byte_minutes / greatest(s.minutes, 1))::float8 AS "storageBytes",
       round(s.database_byte_minutes / greatest(s.minutes, 1))::float8 AS "databaseBytes", s.mails::float8 AS mails
     FROM spent s JOIN instances i ON i.id = s.instance_id JOIN plan_versions v ON v.id = i.plan_version_id
     JOIN plans p ON p.id = v.plan_id ORDER BY s.day, i.slug`,
    [first, end, open],
  );
  const lines = rows.map((row) => COLUMNS.map((column) => String(row[column])));
  return csvFile(`costs-${isoDay(first)}-${isoDay(last)}`, csvOf([[...COLUMNS], ...lines], locale));
}
