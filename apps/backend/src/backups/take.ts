import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import pg from 'pg';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { readTenantTables } from '../database/isolation.ts';
import { backupFileKey, backupKey, fileKey, prefixOf, storeKey } from '../files/key.ts';
import { migrations } from '../migrations/index.ts';
import { Checksum } from './checksum.ts';
import { type FileEntry, type Manifest, manifest, type TableEntry } from './manifest.ts';
import { type Backups, keep, recall } from './place.ts';
import { lineOf, readRows, rowLines } from './rows.ts';

type Keeping = Pick<App, 'db' | 'files'>;

/** Percent of the work that reading rows counts for; copying files is the rest. */
const ROWS_SHARE = 40;
/** More backups than one tenant ever has. */
const ALL = 1_000;
/** What is made anew, ends by itself, or must not come back. */
const NOT_KEPT = /^files\/[^/]+\/(?:imports|exports|quarantine)\//;

/** The schema that this backend works on. */
export const currentMigration = (): string => migrations.at(-1)?.name ?? '';

/** A server that was recovered to a moment, beside the living one. */
export interface Recovered {
  /** As the role that reads a tenant's rows. */
  databaseUrl: string;
  at: Date;
  /** The last migration of its schema. */
  migration: string;
}

/**
 * Keeps a copy of one tenant: its rows as one moment saw them, its files, and a manifest that says what both add up
 * to. Running it again for the same backup begins anew and ends the same.
 * @param recovered the rows are read there, not from the living server
 */
export async function take(
  app: Keeping,
  backups: Backups,
  backupId: string,
  progress: (percent: number) => Promise<void>,
  recovered?: Recovered,
): Promise<Manifest> {
  const platform = app.db({ kind: 'platform' });
  const { tenantId } = await platform.one<{ tenantId: string }>(
    'SELECT b.tenant_id AS "tenantId" FROM backups b WHERE b.id = $1',
    [backupId],
  );
  const described = await describe(platform, tenantId);
  const from = recovered ? { ...backups, databaseUrl: recovered.databaseUrl } : backups;
  const { now, tables, rows, logHead, stored } = await keepRows(from, tenantId, backupId);
  const takenAt = (recovered?.at ?? now).toISOString();
  await progress(ROWS_SHARE);
  const former = await manifestsOf(platform, backups, tenantId, recovered ? ALL : 1);
  const { files, added } = await keepFiles(app, backups, tenantId, former[0], (share) =>
    progress(ROWS_SHARE + Math.round(share * (95 - ROWS_SHARE))),
  );
  if (recovered) files.push(...deletedSince(files, former));
  const made: Manifest = {
    format: 'preau-backup-1',
    backupId,
    tenantId,
    takenAt,
    migration: recovered?.migration ?? currentMigration(),
    platform: described,
    logHead,
    tables,
    rows,
    files,
  };
  const whole = Buffer.from(JSON.stringify(manifest.parse(made)));
  const kept = await keep(backups, backupKey(tenantId, backupId, 'manifest'), Readable.from([whole]));
  await verifyBackup(backups, tenantId, backupId);
  await platform.transaction(async (tx) => {
    const count = tables.reduce((sum, table) => sum + table.rows, 0);
    const bytes = rows.bytes + files.reduce((sum, file) => sum + file.bytes, 0);
    const noted = await tx.maybe(DONE, [
      backupId,
      made.migration,
      takenAt,
      count,
      files.length,
      bytes,
      stored + kept.stored + added,
    ]);
    if (!noted) throw new Error('the backup was deleted while it was taken');
    await record(tx, {
      action: 'backup.taken',
      target: backupId,
      details: { tenantId, rows: count, files: files.length },
    });
  });
  return made;
}

async function describe(platform: Db, tenantId: string): Promise<Manifest['platform']> {
  const { answer } = await platform.one<{ answer: Manifest['platform'] }>(DESCRIBE, [tenantId]);
  return answer;
}

/** One transaction that sees one moment and may change nothing. */
async function keepRows(backups: Backups, tenantId: string, backupId: string) {
  const client = new pg.Client({
    connectionString: backups.databaseUrl,
    application_name: 'preau-backup',
    statement_timeout: 0,
  });
  await client.connect();
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query("SELECT set_config('app.tenant_id', $1, true), set_config('TimeZone', 'UTC', true)", [
      tenantId,
    ]);
    const { rows: moment } = await client.query<{ now: Date }>('SELECT now()');
    const { rows: ends } = await client.query<{ seq: number; hash: string }>(
      'SELECT seq::int, hash FROM audit_entries ORDER BY seq DESC LIMIT 1',
    );
    const tables: TableEntry[] = [];
    const catalogue = await readTenantTables(client);
    async function* lines() {
      for (const { name, columns } of catalogue) {
        const checksum = new Checksum();
        for await (const json of readRows((text) => client.query(text), name)) {
          checksum.add(JSON.parse(json));
          yield Buffer.from(lineOf({ table: name, json }));
        }
        tables.push({
          name,
          columns: columns.map((column) => column.name),
          rows: checksum.count,
          checksum: checksum.toString(),
        });
      }
    }
    const key = backupKey(tenantId, backupId, 'rows');
    const { bytes, sha256, stored } = await keep(backups, key, lines(), createZstdCompress());
    await client.query('COMMIT');
    return {
      now: moment[0]?.now ?? new Date(),
      tables,
      rows: { bytes, sha256 },
      logHead: ends[0] ?? null,
      stored,
    };
  } finally {
    await client.end();
  }
}

/** A file never changes under its key, so what an earlier backup holds is not copied again. */
async function keepFiles(
  { files: store }: Keeping,
  backups: Backups,
  tenantId: string,
  former: Manifest | undefined,
  progress: (share: number) => Promise<void>,
): Promise<{ files: FileEntry[]; added: number }> {
  const known = new Map(former?.files.map((file) => [file.key, file]));
  const files: FileEntry[] = [];
  const found = [];
  for await (const file of store.list(prefixOf(tenantId))) if (!NOT_KEPT.test(file.key)) found.push(file);
  let added = 0;
  for (const [index, { key, bytes, modifiedAt }] of found.entries()) {
    const same = known.get(key);
    const at = modifiedAt.toISOString();
    if (same?.bytes === bytes && same.modifiedAt === at) files.push(same);
    else {
      const copy = backupFileKey(tenantId);
      const content = await store.open(fileKey(key)).catch(() => null);
      // Deleted since it was listed: whatever names it was deleted with it, or before.
      if (!content) continue;
      const kept = await keep(backups, copy, content).catch((error: unknown) => {
        if (isAbsent(error)) return null;
        throw error;
      });
      if (!kept) continue;
      added += kept.stored;
      files.push({ key, bytes: kept.bytes, modifiedAt: at, sha256: kept.sha256, copy });
    }
    await progress((index + 1) / found.length);
  }
  return { files, added };
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/** What backups, newest first, say that they hold. One that cannot be read is left out: its files are copied anew. */
async function manifestsOf(
  platform: Db,
  backups: Backups,
  tenantId: string,
  limit: number,
): Promise<Manifest[]> {
  const newest = await platform.query<{ id: string }>(
    `SELECT id FROM backups WHERE tenant_id = $1 AND state = 'succeeded' ORDER BY taken_at DESC LIMIT $2`,
    [tenantId, limit],
  );
  const found = [];
  for (const { id } of newest) {
    const known = await readManifest(backups, tenantId, id).catch(() => null);
    if (known) found.push(known);
  }
  return found;
}

/** Files that backups still hold and the tenant does not: rows of a former moment may name them. */
function deletedSince(living: readonly FileEntry[], former: readonly Manifest[]): FileEntry[] {
  const kept = new Map(former.toReversed().flatMap(({ files }) => files.map((file) => [file.key, file])));
  for (const { key } of living) kept.delete(key);
  return [...kept.values()];
}

/** @throws where it is not there, was changed, or no key opens it */
export async function readManifest(backups: Backups, tenantId: string, backupId: string): Promise<Manifest> {
  const bytes = await buffer(await recall(backups, backupKey(tenantId, backupId, 'manifest')));
  return manifest.parse(JSON.parse(bytes.toString()));
}

/** The rows of a backup, one after the other. */
export async function keptRows(backups: Backups, tenantId: string, backupId: string): Promise<Readable> {
  const key = backupKey(tenantId, backupId, 'rows');
  return recall(backups, key, createZstdDecompress(), rowLines());
}

/** Reads a backup back as a restore would: every row, and that every file is there. @throws where one is not */
async function verifyBackup(backups: Backups, tenantId: string, backupId: string): Promise<void> {
  const { tables, files } = await readManifest(backups, tenantId, backupId);
  const counts = new Map<string, number>();
  for await (const { table } of await keptRows(backups, tenantId, backupId))
    counts.set(table, (counts.get(table) ?? 0) + 1);
  for (const { name, rows } of tables) {
    if ((counts.get(name) ?? 0) !== rows) throw new Error(`${name} was not kept whole`);
  }
  for (const { key, copy } of files) {
    if ((await backups.store.size(storeKey(copy))) === null) throw new Error(`the copy of ${key} is missing`);
  }
}

const DESCRIBE = `
SELECT json_build_object('slug', t.slug, 'name', t.name, 'entitlements', t.entitlements,
  'instance', (SELECT json_build_object('id', i.id, 'locale', i.locale, 'branding', i.branding, 'plan', p.code,
      'planVersion', v.number::int)
    FROM instances i JOIN plan_versions v ON v.id = i.plan_version_id JOIN plans p ON p.id = v.plan_id
    WHERE i.tenant_id = t.id),
  'organisation', (SELECT json_build_object('id', g.id, 'name', g.name)
    FROM instances i JOIN organisations g ON g.id = i.organisation_id WHERE i.tenant_id = t.id)) AS answer
FROM tenants t WHERE t.id = $1`;
const DONE = `
UPDATE backups SET state = 'succeeded', percent = 100, migration = $2, taken_at = $3, "rows" = $4, files = $5,
  bytes = $6, added_bytes = $7, error = NULL, finished_at = now(), updated_at = now() WHERE id = $1 RETURNING id`;
