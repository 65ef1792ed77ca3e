import pg from 'pg';
import type { Table } from '../database/catalogue.ts';
import type { Db } from '../database/db.ts';
import { readTenantTables } from '../database/isolation.ts';
import { tenantOf } from '../database/tenant.ts';
import { migrations } from '../migrations/index.ts';
import { Checksum } from './checksum.ts';
import { Identifiers, ownId } from './identifiers.ts';
import type { Manifest, TableEntry } from './manifest.ts';
import type { Backups } from './place.ts';
import { keptRows } from './take.ts';

const quoted = pg.escapeIdentifier;

/** The log goes on whatever is restored, and a consent that was taken back stays taken back. */
const LIVING: ReadonlySet<string> = new Set([
  'audit_chains',
  'audit_entries',
  'audit_particulars',
  'support_accesses',
  'support_sessions',
]);
/** What opened doors then must not open them again: everybody signs in anew. */
const ENDED: ReadonlySet<string> = new Set([
  'user_sessions',
  'user_tokens',
  'user_challenges',
  'user_throttles',
  'uploads',
]);
/** A copy invites nobody: the links that were mailed lead to the original. */
const NOT_COPIED: ReadonlySet<string> = new Set(['invitations']);

const MAX_BATCH_ROWS = 500;
const MAX_BATCH_LENGTH = 1_000_000;

/** A backup that cannot be restored, in words for staff. */
export class RestoreError extends Error {
  override name = 'RestoreError';
}

/** @throws RestoreError where the backup is of a schema that is newer than ours */
export function requireKnownSchema({ migration }: Pick<Manifest, 'migration'>): void {
  if (!migrations.some(({ name }) => name === migration))
    throw new RestoreError(`The backup is of a newer version (${migration}). Update Préau, then restore it.`);
}

/** What was written, by table: how many rows, and what they add up to as they were written. */
export type Written = Map<string, { entry: TableEntry; columns: string[]; rows: number; checksum: string }>;

/**
 * Replaces the rows of the tenant that `tx` is bound to by those of a backup, within that transaction: foreign keys
 * are checked at its end. Rows from an older schema get the columns that came since by their defaults. Sessions
 * end; the tenant's log and the consents to our staff stay as they are.
 * @throws RestoreError where the backup is not what its manifest says
 */
export async function bringBack(tx: Db, backups: Backups, backup: Manifest): Promise<Written> {
  requireKnownSchema(backup);
  const tenantId = tenantOf(tx);
  const copied = tenantId !== backup.tenantId;
  const catalogue = await readCatalogue(backups);
  await tx.query('SET LOCAL statement_timeout = 0');
  await tx.query('SET LOCAL idle_in_transaction_session_timeout = 0');
  await tx.query('SET CONSTRAINTS ALL DEFERRED');

  const identifiers = copied ? await identifiersOf(backups, backup, tenantId, catalogue) : null;
  const replaced = catalogue.filter(({ name }) => !LIVING.has(name));
  const references = await livingReferences(tx, catalogue);
  // Parts before what they are part of.
  for (const { name } of replaced.toReversed()) await tx.query(`DELETE FROM ${quoted(name)}`);
  const written = await writeRows(tx, backups, backup, replaced, identifiers);
  for (const reference of references) await reference.again();
  await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
  return written;
}

async function readCatalogue({ databaseUrl }: Backups): Promise<Table[]> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'preau-restore' });
  await client.connect();
  try {
    return await readTenantTables(client);
  } finally {
    await client.end();
  }
}

/** Ids of rows that others may name. Rows of what nothing points at (progress, answers) are known to themselves only. */
async function identifiersOf(
  backups: Backups,
  { tenantId: from, backupId }: Manifest,
  to: string,
  catalogue: readonly Table[],
): Promise<Identifiers> {
  const named = new Set(catalogue.flatMap(({ foreignKeys }) => foreignKeys.map(({ target }) => target)));
  const identifiers = new Identifiers(from, to, `${backupId} ${to}`);
  for await (const { table, json } of await keptRows(backups, from, backupId)) {
    const id = named.has(table) ? ownId(json) : undefined;
    if (id) identifiers.note(id);
  }
  return identifiers;
}

async function writeRows(
  tx: Db,
  backups: Backups,
  backup: Manifest,
  replaced: readonly Table[],
  identifiers: Identifiers | null,
): Promise<Written> {
  const columnsNow = new Map(
    replaced.map(({ name, columns }) => [name, columns.map((column) => column.name)]),
  );
  const left = new Set([...ENDED, ...(identifiers ? NOT_COPIED : [])]);
  const written: Written = new Map();
  const read = new Map(backup.tables.map(({ name }) => [name, new Checksum()]));
  let batch: string[] = [];
  let length = 0;
  let open: TableEntry | undefined;
  let sum = new Checksum();
  const flush = async () => {
    const columns = open && written.get(open.name)?.columns;
    if (batch.length > 0 && open && columns) {
      const list = columns.map(quoted).join(', ');
      await tx.query(
        `INSERT INTO ${quoted(open.name)} (${list})
         SELECT ${list} FROM jsonb_populate_recordset(NULL::${quoted(open.name)}, $1::jsonb)`,
        [`[${batch.join(',')}]`],
      );
    }
    batch = [];
    length = 0;
  };
  const close = async () => {
    await flush();
    const known = open && written.get(open.name);
    if (known) Object.assign(known, { rows: sum.count, checksum: sum.toString() });
  };
  for await (const { table, json } of await keptRows(backups, backup.tenantId, backup.backupId)) {
    read.get(table)?.add(JSON.parse(json));
    const now = columnsNow.get(table);
    if (!now || left.has(table)) continue;
    if (open?.name !== table) {
      await close();
      open = backup.tables.find(({ name }) => name === table);
      if (!open) throw new RestoreError(`The backup holds rows of ${table} that its manifest does not know.`);
      sum = new Checksum();
      const columns = open.columns.filter((column) => now.includes(column));
      written.set(table, { entry: open, columns, rows: 0, checksum: '' });
    }
    const row = identifiers?.rewrite(json) ?? json;
    sum.add(JSON.parse(row));
    batch.push(row);
    length += row.length;
    if (batch.length >= MAX_BATCH_ROWS || length >= MAX_BATCH_LENGTH) await flush();
  }
  await close();
  for (const { name, rows, checksum } of backup.tables) {
    const found = read.get(name);
    if (found?.count !== rows || found.toString() !== checksum)
      throw new RestoreError(`The rows of ${name} are not those that were kept.`);
  }
  return written;
}

/**
 * Rows that stay may name people whose rows are replaced, which would empty the column. What they named is written
 * again, where it has come back.
 */
async function livingReferences(tx: Db, catalogue: readonly Table[]): Promise<{ again(): Promise<void> }[]> {
  const references = [];
  for (const { name, foreignKeys } of catalogue.filter((table) => LIVING.has(table.name))) {
    for (const { target, columns } of foreignKeys) {
      const column = columns.find((each) => each !== 'tenant_id');
      if (LIVING.has(target) || target === 'tenants' || !column) continue;
      const named = await tx.query<{ id: string; value: string }>(
        `SELECT id, ${quoted(column)} AS value FROM ${quoted(name)} WHERE ${quoted(column)} IS NOT NULL`,
      );
      references.push({
        async again() {
          await tx.query(
            `UPDATE ${quoted(name)} AS living SET ${quoted(column)} = named.value
             FROM unnest($1::uuid[], $2::uuid[]) AS named (id, value)
             WHERE living.id = named.id AND EXISTS (SELECT 1 FROM ${quoted(target)} t WHERE t.id = named.value)`,
            [named.map(({ id }) => id), named.map(({ value }) => value)],
          );
        },
      });
    }
  }
  return references;
}
