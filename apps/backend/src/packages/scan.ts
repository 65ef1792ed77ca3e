import type { App } from '../app.ts';
import { type FoundIn, recordFinding, tellSender } from '../assets/scan.ts';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { contentKey, fileKey } from '../files/key.ts';
import { correspondenceOf } from '../users/correspondence.ts';
import type { PackageFiles } from './create.ts';

/** Of one tenant in one round: each may hold thousands of files. */
const AT_ONCE = 3;

interface Waiting extends Record<string, unknown> {
  id: string;
  files: PackageFiles;
}

/**
 * Asks the scanner about packages from before there was one, file by file. One in which it finds something is taken
 * out of every activity, published or not, as if it had never come; the file at fault is kept under `quarantine/`.
 */
export async function scanPackages(app: App, db: Db): Promise<void> {
  const { scanner } = app;
  if (!scanner) return;
  for (const { id, files } of await db.query<Waiting>(WAITING)) {
    const keys = new Set(Object.values(files).map(({ key }) => key));
    try {
      for (const key of keys) {
        const verdict = await scanner.scan(await app.files.open(fileKey(key)));
        if (verdict.state === 'clean') continue;
        await setAside(app, db, { id, key, threat: verdict.threat });
        break;
      }
      await db.query(CLEARED, [id]);
    } catch (err) {
      app.log.warn({ err }, 'the virus scanner reached no verdict, asking again later');
      return;
    }
  }
}

async function setAside(
  app: App,
  db: Db,
  { id, key, threat }: { id: string; key: string; threat: string },
): Promise<void> {
  const tenantId = tenantOf(db);
  const [, checksum = ''] = /([0-9a-f]{64})$/.exec(key) ?? [];
  const bytes = await app.files.read(fileKey(key));
  await app.files.put(contentKey(tenantId, checksum, '', 'quarantine'), { bytes });
  const found = await db.transaction(async (tx) => {
    await tx.query(TAKEN_OUT, [id]);
    const gone = await tx.maybe<FoundIn>(GONE, [id]);
    const from = await correspondenceOf(tx, app.settings.PREAU_PUBLIC_URL);
    if (gone) await tellSender(tx, from, gone, threat);
    return gone;
  });
  await app.files.remove(fileKey(key));
  await recordFinding(app, tenantId, { checksum, threat, uploadedBy: found?.uploadedBy ?? null });
}

const WAITING = `
SELECT p.id, p.files FROM content_packages p WHERE p.scanned_at IS NULL ORDER BY p.created_at LIMIT ${AT_ONCE}`;
const CLEARED = 'UPDATE content_packages SET scanned_at = now(), updated_at = now() WHERE id = $1';
const TAKEN_OUT =
  'UPDATE activities SET package_id = NULL, updated_at = clock_timestamp() WHERE package_id = $1';
const GONE = `
WITH gone AS (DELETE FROM content_packages WHERE id = $1 RETURNING name, uploaded_by_id)
SELECT g.name, g.uploaded_by_id AS "uploadedBy", u.email, coalesce(u.locale::text, 'fr') AS locale
FROM gone g LEFT JOIN users u ON u.id = g.uploaded_by_id AND u.status = 'active'`;
