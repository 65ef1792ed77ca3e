import type { DrillResult } from '@preau/contract/platform/backups';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { storeKey } from '../files/key.ts';
import { bringBack, type Written } from './bringBack.ts';
import { Checksum } from './checksum.ts';
import type { Manifest } from './manifest.ts';
import { type Backups, measured, recall } from './place.ts';
import { readRows } from './rows.ts';
import { readManifest } from './take.ts';

/** Ends the drill's transaction: nothing of the copy is ever committed. */
class Over extends Error {}

/**
 * Tries a backup: every file is opened and compared, every row is written as a copy beside the living tenants,
 * checked against the foreign keys, read again and compared. The copy is never committed, so that no crash leaves
 * one behind and nobody's mails go out twice.
 */
export async function tryBackup(
  app: Pick<App, 'db'>,
  backups: Backups,
  backup: { id: string; tenantId: string },
  progress: (percent: number) => Promise<void>,
): Promise<DrillResult> {
  const begun = performance.now();
  const kept = await readManifest(backups, backup.tenantId, backup.id);
  const differences = await compareFiles(backups, kept, (share) => progress(Math.round(share * 50)));
  await progress(50);
  const platform = app.db({ kind: 'platform' });
  // What a drill that was killed left behind: a name without rows.
  await platform.query(`DELETE FROM tenants WHERE state = 'aside' AND created_at < now() - interval '1 day'`);
  const { id: tenantId } = await platform.one<{ id: string }>(
    `INSERT INTO tenants (slug, name, state) VALUES ('drill', 'drill', 'aside') RETURNING id`,
  );
  let rows = 0;
  try {
    await app.db({ kind: 'tenant', tenantId }).transaction(async (tx) => {
      const written = await bringBack(tx, backups, kept);
      await progress(80);
      differences.push(...(await compareRows(tx, written)));
      rows = [...written.values()].reduce((sum, table) => sum + table.rows, 0);
      throw new Over();
    });
  } catch (error) {
    if (!(error instanceof Over)) throw error;
  } finally {
    await platform.query('DELETE FROM tenants WHERE id = $1', [tenantId]);
  }
  return {
    tables: kept.tables.length,
    rows,
    files: kept.files.length,
    seconds: Math.round(performance.now() - begun) / 1000,
    differences: differences.slice(0, 50),
  };
}

async function compareFiles(
  backups: Backups,
  { files }: Manifest,
  progress: (share: number) => Promise<void>,
): Promise<string[]> {
  const differences: string[] = [];
  for (const [index, { key, copy, sha256, bytes }] of files.entries()) {
    try {
      const content = measured(await recall(backups, storeKey(copy)), (seen) => {
        if (seen.sha256 !== sha256 || seen.bytes !== bytes) differences.push(key);
      });
      for await (const _ of content);
    } catch {
      differences.push(key);
    }
    await progress((index + 1) / files.length);
  }
  return differences;
}

/** Reads what was written and adds it up again. Columns that came since the backup do not count. */
async function compareRows(tx: Db, written: Written): Promise<string[]> {
  await tx.query("SET LOCAL TimeZone = 'UTC'");
  const query = async (text: string) => ({ rows: await tx.query<{ json: string }>(text) });
  const differences: string[] = [];
  for (const [table, { entry, columns, rows, checksum }] of written) {
    const found = new Checksum();
    for await (const json of readRows(query, table)) {
      const row: unknown = JSON.parse(json);
      found.add(only(row, columns));
    }
    const compared = columns.length === entry.columns.length;
    if (found.count !== rows || (compared && found.toString() !== checksum)) differences.push(table);
  }
  return differences;
}

function only(row: unknown, columns: readonly string[]): unknown {
  if (typeof row !== 'object' || row === null) return row;
  return Object.fromEntries(Object.entries(row).filter(([column]) => columns.includes(column)));
}

/** A backup to try: the newest of a tenant, by its name or by lot. */
export async function drawBackup(
  platform: Db,
  slug?: string,
): Promise<{ id: string; tenantId: string; slug: string } | undefined> {
  return platform.maybe<{ id: string; tenantId: string; slug: string }>(DRAW, [slug ?? null]);
}

const DRAW = `
SELECT newest.id, newest.tenant_id AS "tenantId", newest.slug FROM (
  SELECT DISTINCT ON (b.tenant_id) b.id, b.tenant_id, t.slug FROM backups b JOIN tenants t ON t.id = b.tenant_id
  WHERE b.state = 'succeeded' AND t.state NOT IN ('purged', 'aside') AND ($1::text IS NULL OR t.slug = $1)
  ORDER BY b.tenant_id, b.taken_at DESC) newest
ORDER BY random() LIMIT 1`;
