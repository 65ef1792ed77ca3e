import type { StorageReport } from '@preau/contract/tenant/assets';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { readStorage } from './space.ts';

/** What an administrator wants to know of the space: one statement beside the sum itself. */
export async function readReport(app: Pick<App, 'scanner'>, db: Db): Promise<StorageReport> {
  const [storage, { parts, unused, waiting, setAside }] = await Promise.all([
    readStorage(db),
    db.one<Row>(READ),
  ]);
  return { storage, parts, unused, scanner: { active: app.scanner !== null, waiting, setAside } };
}

/** Their bytes are swept from the store later; they stop counting at once. */
export async function deleteUnused(db: Db): Promise<void> {
  await db.transaction(async (tx) => {
    const gone = await tx.query<{ id: string }>(
      `${UNUSED} DELETE FROM assets a USING unused n WHERE a.id = n.id RETURNING a.id`,
    );
    if (gone.length > 0) await record(tx, { action: 'files.deleted', details: { rows: gone.length } });
  });
}

/** Contents of packages that no activity shows any more; not those of today, whose author may think again. */
export async function deleteUnusedPackages(db: Db): Promise<void> {
  await db.query(UNUSED_PACKAGES);
}

interface Row extends Record<string, unknown>, Pick<StorageReport, 'parts' | 'unused'> {
  waiting: StorageReport['scanner']['waiting'];
  setAside: number;
}

/**
 * Drafts name assets by id, in whatever node; versions have noted theirs. What the scanner found stays, so that it is
 * known again.
 */
const UNUSED = `
WITH named AS (
  SELECT DISTINCT found.id[1]::uuid AS id
  FROM (
    SELECT a.content::text AS body FROM activities a JOIN course_versions v ON v.id = a.version_id
    WHERE v.state = 'draft' AND a.content IS NOT NULL
    UNION ALL
    SELECT q.config::text FROM questions q JOIN course_versions v ON v.id = q.version_id WHERE v.state = 'draft'
  ) AS contents
  CROSS JOIN LATERAL regexp_matches(contents.body, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') AS found (id)
), unused AS (
  SELECT k.id, k.checksum, k.bytes FROM assets k
  WHERE k.created_at < now() - interval '1 day' AND k.scan <> 'infected'
    AND NOT EXISTS (SELECT 1 FROM named n WHERE n.id = k.id)
    AND NOT EXISTS (SELECT 1 FROM asset_uses u WHERE u.asset_id = k.id)
    AND NOT EXISTS (SELECT 1 FROM courses c WHERE c.cover_id = k.id)
    AND NOT EXISTS (SELECT 1 FROM site_settings s WHERE s.logo_id = k.id)
)`;
const KIND = `
CASE WHEN a.mime LIKE 'image/%' THEN 'image' WHEN a.mime LIKE 'audio/%' THEN 'audio'
  WHEN a.mime LIKE 'video/%' THEN 'video' ELSE 'document' END`;
const READ = `${UNUSED}, kept AS (
  SELECT DISTINCT ON (a.checksum) a.checksum, a.bytes, ${KIND} AS kind FROM assets a WHERE a.scan <> 'infected'
), parts AS (
  SELECT kind, count(*)::int AS files, sum(bytes)::float8 AS bytes FROM kept GROUP BY kind
  UNION ALL
  SELECT 'package', count(*)::int, sum(p.bytes)::float8 FROM content_packages p HAVING count(*) > 0
  UNION ALL
  SELECT 'upload', count(*)::int, sum(u.bytes)::float8 FROM uploads u
  WHERE u.result IS NULL AND u.expires_at > now() HAVING count(*) > 0
)
SELECT
  (SELECT coalesce(json_agg(json_build_object('kind', p.kind, 'files', p.files, 'bytes', p.bytes)
    ORDER BY p.bytes DESC), '[]') FROM parts p) AS parts,
  (SELECT json_build_object('files', count(*), 'bytes', coalesce(sum(n.bytes), 0)) FROM (
    SELECT DISTINCT ON (n.checksum) n.bytes FROM unused n
    WHERE NOT EXISTS (SELECT 1 FROM assets a WHERE a.checksum = n.checksum AND a.id NOT IN (SELECT id FROM unused))
  ) n) AS unused,
  (SELECT coalesce(json_agg(json_build_object('name', w.name, 'bytes', w.bytes, 'sentAt', w.created_at)), '[]') FROM (
    SELECT a.name, a.bytes, a.created_at FROM assets a WHERE a.scan IN ('pending', 'failed')
    ORDER BY a.created_at LIMIT 50) w) AS waiting,
  (SELECT count(*)::int FROM audit_entries e WHERE e.action = 'file.quarantined') AS "setAside"`;
const UNUSED_PACKAGES = `
DELETE FROM content_packages p
WHERE p.created_at < now() - interval '1 day' AND NOT EXISTS (SELECT 1 FROM activities a WHERE a.package_id = p.id)`;
