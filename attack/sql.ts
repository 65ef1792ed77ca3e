/**
 * The deepest way in: SQL under the roles that serve, as a handler would send it that forgot every rule or was made
 * to. Here nothing but PostgreSQL stands between two tenants, for each table, key and unique value that the catalogue
 * knows.
 */
import pg from 'pg';
import type { Attack } from './attack.ts';
import { isText, type Table } from './catalogue.ts';
import { nobodys } from './names.ts';
import type { Customer } from './world.ts';

const quoted = pg.escapeIdentifier;
const IDENTITY = 'SQL of another tenant';

interface Outcome {
  rows: Record<string, unknown>[];
  count: number;
  error: string | undefined;
}

/** @param url the role that serves tenants, unless another is on trial */
export async function attackSql(
  attack: Attack,
  url: string,
  only?: (table: string) => boolean,
): Promise<void> {
  const { world } = attack;
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query(`SELECT set_config('app.tenant_id', $1, false)`, [world.attacker.tenantId]);
    for (const table of world.tables.values()) {
      if (table.holds === 'internal' || !(only?.(table.name) ?? true)) continue;
      for (const stranger of [world.victim, world.suspended]) await tryTable(attack, client, table, stranger);
    }
    await client.query(`SELECT set_config('app.tenant_id', '', false)`);
    for (const table of world.tables.values()) {
      if (table.holds !== 'tenant' || !(only?.(table.name) ?? true)) continue;
      const { count } = await run(client, `SELECT 1 FROM ${quoted(table.name)} LIMIT 1`);
      note(attack, table.name, 'no tenant bound', count > 0 ? 'shows rows to nobody' : undefined);
    }
  } finally {
    await client.end();
  }
}

/** One statement, undone whatever it did. */
async function run(client: pg.Client, text: string, values: unknown[] = []): Promise<Outcome> {
  await client.query('BEGIN');
  try {
    const { rows, rowCount } = await client.query<Record<string, unknown>>(text, values);
    // A key that is checked at the end of the transaction must be checked here.
    await client.query('SET CONSTRAINTS ALL IMMEDIATE');
    return { rows, count: rowCount ?? 0, error: undefined };
  } catch (error) {
    const { code = '', constraint = '' } = error as { code?: string; constraint?: string };
    return { rows: [], count: 0, error: `${code} ${constraint}` };
  } finally {
    await client.query('ROLLBACK');
  }
}

function note(attack: Attack, table: string, way: string, hit: string | undefined): void {
  const probe = {
    operation: `table ${table}`,
    identity: IDENTITY,
    way: `SQL ${way}`,
    method: 'SQL',
    target: table,
    headers: {},
  };
  attack.count(probe, true);
  if (hit) attack.find(/tells/.test(hit) ? 'tells' : 'leak', probe, hit);
}

async function tryTable(attack: Attack, client: pg.Client, table: Table, stranger: Customer): Promise<void> {
  const { world } = attack;
  const name = quoted(table.name);
  const say = (way: string, hit: string | undefined) => note(attack, table.name, way, hit);
  const isForeign = (row: Record<string, unknown>) =>
    Object.values(row).some((value) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value ?? null);
      return [...text.matchAll(/cnr[0-9a-f]{16}/gi)].some(([mark]) => world.marks.has(mark.toLowerCase()));
    }) || row.tenant_id === stranger.tenantId;

  const all = await run(client, `SELECT * FROM ${name}`);
  say('read', all.rows.some(isForeign) ? 'shows rows of another tenant' : undefined);
  const ids = stranger.rows.get(table.name) ?? [];
  const [id] = ids;
  if (!id || world.rows.isShared(table.name)) return;
  const column =
    table.columns.find((each) => each.name !== 'id' && !table.targets.has(each.name))?.name ?? 'id';
  for (const [way, text] of [
    ['read by id', `SELECT * FROM ${name} WHERE id::text = $1`],
    ['update', `UPDATE ${name} SET ${quoted(column)} = ${quoted(column)} WHERE id::text = $1`],
    ['delete', `DELETE FROM ${name} WHERE id::text = $1`],
    ['lock', `SELECT 1 FROM ${name} WHERE id::text = $1 FOR UPDATE`],
  ] as const) {
    const there = await run(client, text, [id]);
    const nowhere = await run(client, text, [nobodys(id)]);
    say(way, there.count > 0 ? 'reaches a row of another tenant' : differ(there, nowhere));
  }
  if (table.holds !== 'tenant') return;

  const { rows: own } = await world.client.query<Record<string, unknown>>(
    `SELECT * FROM ${name} WHERE ${table.hasTenant ? 'tenant_id = $1' : 'true OR $1::uuid IS NULL'} LIMIT 1`,
    [world.attacker.tenantId],
  );
  const row = own[0];
  if (!row) return;
  if (table.hasTenant) {
    const moved = await run(client, `UPDATE ${name} SET tenant_id = $2 WHERE id = $1`, [
      row.id,
      stranger.tenantId,
    ]);
    say(
      'give away',
      moved.error === undefined && moved.count > 0 ? 'lets a row into another tenant' : undefined,
    );
    const made = await insert(client, table, {
      ...row,
      id: nobodys(String(row.id)),
      tenant_id: stranger.tenantId,
    });
    say('insert', made.error === undefined ? 'lets a row into another tenant' : undefined);
  }
  for (const [key, target] of table.targets) {
    if (key === 'tenant_id') continue;
    const foreign = stranger.rows.get(target)?.at(-1);
    if (!foreign) continue;
    const text = `UPDATE ${name} SET ${quoted(key)} = $2 WHERE id = $1`;
    const there = await run(client, text, [row.id, foreign]);
    const nowhere = await run(client, text, [row.id, nobodys(foreign)]);
    say(
      'relation',
      there.error === undefined && there.count > 0
        ? `points by ${key} at a row of another tenant`
        : differ(there, nowhere),
    );
  }
  const { rows: theirs } = await world.client.query<Record<string, unknown>>(
    `SELECT * FROM ${name} WHERE id::text = $1`,
    [id],
  );
  for (const key of table.indexes.filter(({ unique }) => unique)) {
    const texts = key.columns.filter((each) =>
      table.columns.some(({ name: known, type }) => known === each && isText(type)),
    );
    if (key.primary || texts.length === 0) continue;
    const taken = Object.fromEntries(texts.map((each) => [each, theirs[0]?.[each]]));
    const free = Object.fromEntries(texts.map((each) => [each, nobodys(String(theirs[0]?.[each] ?? 'x'))]));
    const clone = { ...row, id: nobodys(String(row.id)) };
    const there = await insert(client, table, { ...clone, ...taken });
    const nowhere = await insert(client, table, { ...clone, ...free });
    say('unique value', differ(there, nowhere));
    // A second row may be refused for other reasons: the first takes the value.
    const text = `UPDATE ${name} SET ${texts.map((each, i) => `${quoted(each)} = $${i + 2}`).join(', ')} WHERE id = $1`;
    const took = await run(client, text, [row.id, ...texts.map((each) => taken[each])]);
    const freely = await run(client, text, [row.id, ...texts.map((each) => free[each])]);
    say('unique value', differ(took, freely));
  }
}

function insert(client: pg.Client, table: Table, row: Record<string, unknown>): Promise<Outcome> {
  const columns = table.columns.map(({ name }) => name).filter((name) => row[name] !== undefined);
  const values = columns.map((name) => {
    const value = row[name];
    return typeof value === 'object' && value !== null && !(value instanceof Date) && !Buffer.isBuffer(value)
      ? JSON.stringify(value)
      : value;
  });
  return run(
    client,
    `INSERT INTO ${quoted(table.name)} (${columns.map(quoted).join(', ')}) VALUES (${columns.map((_, i) => `$${i + 1}`).join(', ')})`,
    values,
  );
}

function differ(there: Outcome, nowhere: Outcome): string | undefined {
  if (there.error === nowhere.error && there.count === nowhere.count) return undefined;
  return `tells what exists elsewhere: ${there.error ?? `${there.count} rows`} against ${nowhere.error ?? `${nowhere.count} rows`}`;
}
