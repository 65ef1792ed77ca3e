import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { fileKey, prefixOf } from '../files/key.ts';
import { deleteUnusedPackages } from './report.ts';
import type { Keeping } from './store.ts';

/** A file that nobody names is left alone for so long: whoever stores it may not have written its record yet. */
const GRACE_MS = 24 * 3_600_000;

/** What the scanner put aside, and exports, which end by themselves. */
const KEPT_ELSEWHERE = /\/(?:quarantine|exports)\//;

/** Deletes what no record of the tenant names any more, packages that nothing shows, and uploads that were given up. @returns how many files */
export async function sweepFiles(app: Keeping, db: Db, now = Date.now()): Promise<number> {
  await dropUploads(app, db, now);
  await deleteUnusedPackages(db);
  const named = new Set<string>();
  for (const { key } of await db.query<{ key: string }>(NAMED)) named.add(key);
  let swept = 0;
  for await (const { key, modifiedAt } of app.files.list(prefixOf(tenantOf(db)))) {
    if (named.has(key) || now - modifiedAt.getTime() < GRACE_MS || KEPT_ELSEWHERE.test(key)) continue;
    await app.files
      .remove(fileKey(key))
      .catch((err: unknown) => app.log.warn({ err }, 'a file was not swept'));
    swept++;
  }
  return swept;
}

async function dropUploads(app: Keeping, db: Db, now: number): Promise<void> {
  const gone = await db.query<{ id: string }>(
    `DELETE FROM uploads WHERE expires_at < $1::timestamptz RETURNING id`,
    [new Date(now)],
  );
  const folder = join(app.staging, tenantOf(db));
  for (const { id } of gone)
    for (const name of [id, `${id}.json`]) await rm(join(folder, name), { force: true });
  // What a process that was killed left behind.
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const known = await stat(path).catch(() => null);
    if (known && now - known.mtimeMs > 2 * GRACE_MS) await rm(path, { recursive: true, force: true });
  }
}

const NAMED = `
SELECT a.path AS key FROM assets a
UNION ALL SELECT v ->> 'key' FROM assets a, jsonb_array_elements(a.variants) v WHERE jsonb_typeof(a.variants) = 'array'
UNION ALL SELECT i.path FROM imports i WHERE i.state IN ('queued', 'running')
UNION ALL SELECT f.value ->> 'key' FROM content_packages p, jsonb_each(p.files) f`;
