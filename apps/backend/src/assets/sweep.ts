import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { contentKey, fileKey, prefixOf } from '../files/key.ts';
import { auditInfection, type Keeping } from './store.ts';

/** A file that nobody names is left alone for so long: whoever stores it may not have written its record yet. */
const GRACE_MS = 24 * 3_600_000;
/** After so many hours without a verdict a file is `failed`; it is asked about again all the same. */
const PATIENCE = "interval '6 hours'";

/** Deletes what no record of the tenant names any more, and uploads that were given up. @returns how many files */
export async function sweepFiles(app: Keeping, db: Db, now = Date.now()): Promise<number> {
  await dropUploads(app, db, now);
  const named = new Set<string>();
  for (const { key } of await db.query<{ key: string }>(NAMED)) named.add(key);
  let swept = 0;
  for await (const { key, modifiedAt } of app.files.list(prefixOf(tenantOf(db)))) {
    if (named.has(key) || now - modifiedAt.getTime() < GRACE_MS || key.includes('/quarantine/')) continue;
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

/** Asks the scanner about the tenant's files that wait for a verdict. */
export async function scanPending(app: Keeping, db: Db): Promise<void> {
  const { scanner } = app;
  if (!scanner) return;
  const tenantId = tenantOf(db);
  for (const row of await db.query<Waiting>(WAITING)) {
    try {
      const verdict = await scanner.scan(await app.files.open(fileKey(row.path)));
      if (verdict.state === 'clean') {
        await db.query(VERDICT, [row.checksum, 'clean', null]);
        continue;
      }
      await app.files.put(contentKey(tenantId, row.checksum, '', 'quarantine'), {
        bytes: await app.files.read(fileKey(row.path)),
      });
      await db.query(VERDICT, [row.checksum, 'infected', verdict.threat]);
      await app.files.remove(fileKey(row.path));
      for (const { key } of row.variants ?? []) await app.files.remove(fileKey(key));
      await auditInfection(app, tenantId, { ...row, threat: verdict.threat });
    } catch (err) {
      app.log.warn({ err }, 'the virus scanner reached no verdict, asking again later');
      await db.query(GIVE_UP, [row.checksum]);
      return;
    }
  }
}

interface Waiting extends Record<string, unknown> {
  checksum: string;
  path: string;
  variants: { key: string }[] | null;
  uploadedBy: string | null;
}

const WAITING = `
SELECT DISTINCT ON (a.checksum) a.checksum, a.path, a.variants, a.uploaded_by_id AS "uploadedBy"
FROM assets a WHERE a.scan IN ('pending', 'failed') LIMIT 50`;
const VERDICT = `
UPDATE assets SET scan = $2::enum_assets_scan, threat = $3, scanned_at = now(), updated_at = now() WHERE checksum = $1`;
const GIVE_UP = `
UPDATE assets SET scan = 'failed', updated_at = now()
WHERE checksum = $1 AND scan = 'pending' AND created_at < now() - ${PATIENCE}`;
const NAMED = `
SELECT a.path AS key FROM assets a
UNION ALL SELECT v ->> 'key' FROM assets a, jsonb_array_elements(a.variants) v WHERE jsonb_typeof(a.variants) = 'array'
UNION ALL SELECT i.path FROM imports i WHERE i.state IN ('queued', 'running')
UNION ALL SELECT f.value ->> 'key' FROM content_packages p, jsonb_each(p.files) f`;
