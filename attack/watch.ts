/** Notices any change of what is not the attacker's: rows by checksum, files by size and digest. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import pg from 'pg';
import type { Table } from './catalogue.ts';
import { belongsTo, type Customer, filesOf, type World } from './world.ts';

const quoted = pg.escapeIdentifier;

export type Snapshot = Map<string, string>;

/** That somebody was seen is no work of the attack. */
const SEEN = ['last_seen_at', 'updated_at'];
/** Mails that are due are sent meanwhile. */
const POSTED = ['mails.state', 'mails.attempts', 'mails.due_at', 'mails.error'];
/** What a platform keeps is looked at every ten minutes, also during a long attack. */
const MEASURED = ['storage_bytes', 'database_bytes', 'learners', 'measured_at'].map(
  (name) => `meter_levels.${name}`,
);
const SESSIONS = /_sessions$/;

export interface Watched {
  customers: Customer[];
  /** Which tables; every one where nothing is said. */
  tables?: (table: Table) => boolean;
  /** A person of the watched tenant who may change what is theirs. */
  except?: string | undefined;
}

/** Checksums by table of the rows that are the customers', and of their files. */
export async function snapshot(
  world: World,
  { customers, tables = () => true, except }: Watched,
): Promise<Snapshot> {
  const parts: string[] = [];
  const values: unknown[] = [customers.map(({ tenantId }) => tenantId)];
  const parameter = (value: unknown) => {
    values.push(value);
    return `$${values.length}`;
  };
  const person = except ? parameter(except) : undefined;
  for (const table of world.tables.values()) {
    if (table.holds === 'internal' || world.rows.isShared(table.name) || !tables(table)) continue;
    const columns = table.columns
      .map(({ name }) => name)
      .filter((name) => !SEEN.includes(name) && ![...POSTED, ...MEASURED].includes(`${table.name}.${name}`));
    const row = `row(${columns.map((name) => `t.${quoted(name)}`).join(', ')})::text`;
    const theirs = belongingTo(world, table, customers, parameter);
    const owned = person ? ownership(world.tables, table, 't', `${person}::uuid`) : undefined;
    // Sessions are opened for the attack itself, in every tenant.
    const opened =
      SESSIONS.test(table.name) && columns.includes('confirmed_at') ? ' AND t.confirmed_at IS NULL' : '';
    parts.push(
      `SELECT '${table.name}' AS place, count(*) || ' ' || coalesce(md5(string_agg(md5(${row}), '' ORDER BY md5(${row}))), '') AS sum
       FROM ${quoted(table.name)} t WHERE (${theirs})${owned ? ` AND (${owned}) IS NOT TRUE` : ''}${opened}`,
    );
  }
  const { rows } = await world.client.query<{ place: string; sum: string }>(
    `SELECT * FROM (${parts.join(' UNION ALL ')}) s WHERE $1::uuid[] IS NOT NULL`,
    values,
  );
  const seen: Snapshot = new Map(rows.map(({ place, sum }) => [place, sum]));
  if (except) return seen;
  for (const { name, tenantId } of customers) {
    const hash = createHash('sha256');
    for (const path of (await filesOf(world.folder, tenantId)).sort())
      hash.update(path).update(await readFile(path));
    seen.set(`files of ${name}`, hash.digest('hex'));
  }
  return seen;
}

/** Of the platform's tables: what was made for the customers, and what came to point at it. */
function belongingTo(
  world: World,
  table: Table,
  customers: Customer[],
  parameter: (value: unknown) => string,
): string {
  if (table.hasTenant) return 't.tenant_id = ANY($1::uuid[])';
  if (table.holds === 'tenant')
    return belongsTo(world.tables, table, 't').replace('= $1', '= ANY($1::uuid[])');
  const idsOf = (name: string) => parameter(customers.flatMap((customer) => customer.rows.get(name) ?? []));
  const conditions = [`t.id::text = ANY(${idsOf(table.name)})`];
  for (const [column, target] of table.targets) {
    if (world.rows.isShared(target) || world.tables.get(target)?.holds !== 'platform') continue;
    conditions.push(`t.${quoted(column)}::text = ANY(${idsOf(target)})`);
  }
  return conditions.join(' OR ');
}

/**
 * SQL that says whether a tenant's row is a person's own: it points to them, or to a row of theirs, by a key that
 * may not be empty. Undefined for tables that hold nothing personal.
 */
export function ownership(
  tables: Map<string, Table>,
  table: Table,
  alias: string,
  person: string,
  depth = 0,
): string | undefined {
  if (table.holds !== 'tenant' || depth > 4) return undefined;
  if (table.name === 'users') return `${alias}.id = ${person}`;
  for (const [column, target] of table.targets) {
    const required = table.columns.find(({ name }) => name === column)?.required;
    const above = tables.get(target);
    if (!required || !above || above === table) continue;
    if (target === 'users') return `${alias}.${quoted(column)} = ${person}`;
    const inner = ownership(tables, above, `${alias}x`, person, depth + 1);
    if (inner)
      return `EXISTS (SELECT 1 FROM ${quoted(target)} ${alias}x WHERE ${alias}x.id = ${alias}.${quoted(column)} AND ${inner})`;
  }
  return undefined;
}

export function differences(before: Snapshot, after: Snapshot): string[] {
  return [...before].flatMap(([place, sum]) => (after.get(place) === sum ? [] : [place]));
}
