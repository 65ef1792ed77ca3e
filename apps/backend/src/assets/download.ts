import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Db } from '../database/db.ts';
import type { BinaryAnswer } from '../http/implement.ts';
import { found, refuse } from '../http/problem.ts';
import { can } from '../policies/asset.ts';
import { reachOf, type Viewer } from '../policies/viewer.ts';

/** What a browser shows and never runs; everything else is saved. */
const SHOWN = /^(image\/(png|jpeg|webp|gif)|application\/pdf)$/;

interface Row {
  name: string;
  mime: string;
  path: string;
  checksum: string;
  shown: boolean;
  studied: boolean;
  own: boolean;
}

/** The bytes of an asset for those who may see what uses it; for others it does not exist. */
export async function downloadAsset(
  db: Db,
  dataDir: string,
  viewer: Viewer,
  assetId: string,
): Promise<BinaryAnswer> {
  const asset = found(await db.maybe<Row>(READ, [assetId, viewer?.id ?? null]));
  if (!can(viewer, 'download', asset)) {
    // Only drafts are left, where nobody notes what they show.
    const drafted =
      reachOf(viewer, 'course.read') === 'related' && (await db.maybe(IN_DRAFT, [assetId, viewer?.id]));
    if (!drafted || !can(viewer, 'download', { ...asset, own: true })) refuse('not-found');
  }
  const path = join(dataDir, asset.path);
  const file = await stat(path).catch(() => refuse('not-found'));
  return {
    headers: {
      'content-type': asset.mime,
      'content-length': String(file.size),
      'content-disposition': `${SHOWN.test(asset.mime) ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(asset.name)}`,
      // An asset never changes: another picture is another asset.
      'cache-control': 'private, max-age=31536000, immutable',
      etag: `"${asset.checksum}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
    },
    body: createReadStream(path),
  };
}

const READ = `
SELECT k.name, k.mime, k.path, k.checksum,
  EXISTS (SELECT 1 FROM site_settings s WHERE s.logo_id = k.id)
  OR EXISTS (
    SELECT 1 FROM courses c WHERE c.cover_id = k.id AND c.published_version_id IS NOT NULL
      AND ($2::uuid IS NOT NULL OR (c.listed AND EXISTS (SELECT 1 FROM site_settings s WHERE s.catalogue = 'public')))
  ) AS shown,
  EXISTS (
    SELECT 1 FROM asset_uses n JOIN enrolments e ON e.course_version_id = n.version_id
    WHERE n.asset_id = k.id AND e.user_id = $2::uuid AND e.state <> 'suspended'
  ) AS studied,
  $2::uuid IS NOT NULL AND (
    k.uploaded_by_id = $2::uuid
    OR EXISTS (SELECT 1 FROM course_trainers r JOIN courses c ON c.id = r.course_id
      WHERE r.user_id = $2::uuid AND c.cover_id = k.id)
    OR EXISTS (SELECT 1 FROM asset_uses n JOIN course_versions v ON v.id = n.version_id
      JOIN course_trainers r ON r.course_id = v.course_id WHERE n.asset_id = k.id AND r.user_id = $2::uuid)
  ) IS TRUE AS own
FROM assets k WHERE k.id = $1`;

/** Whether a draft of user `$2`'s courses names the asset. */
const IN_DRAFT = `
SELECT 1 AS one FROM course_trainers r JOIN courses c ON c.id = r.course_id
WHERE r.user_id = $2 AND (
  EXISTS (SELECT 1 FROM activities a WHERE a.version_id = c.draft_version_id AND a.content::text LIKE '%' || $1::text || '%')
  OR EXISTS (SELECT 1 FROM questions q WHERE q.version_id = c.draft_version_id AND q.config::text LIKE '%' || $1::text || '%')
) LIMIT 1`;
