import { createWriteStream } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { QueryOf } from '@preau/contract';
import type * as contract from '@preau/contract/tenant/assets';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { fileKey } from '../files/key.ts';
import type { BinaryAnswer } from '../http/implement.ts';
import { found, refuse } from '../http/problem.ts';
import { can } from '../policies/asset.ts';
import { reachOf, type Viewer } from '../policies/viewer.ts';
import { answerFile } from './answer.ts';
import { disposition } from './kind.ts';
import { type Keeping, keepSizes, sizesOf, staged, type Variant } from './store.ts';

/** What a browser shows or plays, and never runs; everything else is saved. */
const SHOWN = /^(?:image\/(?:png|jpeg|webp|gif|avif)|application\/pdf|(?:audio|video)\/[a-z0-9]+)$/;
/** Types that are told as they are; others are bytes, so that nobody's browser takes them for a page. */
const TOLD =
  /^(?:image\/(?:png|jpeg|webp|gif|avif)|audio\/|video\/|text\/(?:plain|csv|markdown)|application\/(?:pdf|zip|epub|json|vnd\.))/;

interface Row {
  id: string;
  name: string;
  mime: string;
  path: string;
  checksum: string;
  variants: Variant[] | null;
  scan: 'unscanned' | 'pending' | 'clean' | 'infected' | 'failed';
  shown: boolean;
  studied: boolean;
  own: boolean;
}

interface Wanted {
  viewer: Viewer;
  assetId: string;
  query: QueryOf<typeof contract.downloadAsset>;
  asked: IncomingHttpHeaders;
}

/**
 * The bytes of an asset for those who may see what uses it; for others it does not exist. Nobody
 * gets it before a scanner has cleared it. Pictures come in a size of ours; the original is for authors.
 */
export async function downloadAsset(
  app: Keeping,
  db: Db,
  { viewer, assetId, query, asked }: Wanted,
): Promise<BinaryAnswer> {
  const asset = found(await db.maybe<Row & Record<string, unknown>>(READ, [assetId, viewer?.id ?? null]));
  const verb = query.original ? 'original' : 'download';
  if (!can(viewer, verb, asset)) {
    // Only drafts are left, where nobody notes what they show.
    const drafted =
      reachOf(viewer, 'course.read') === 'related' && (await db.maybe(IN_DRAFT, [assetId, viewer?.id]));
    if (!drafted || !can(viewer, verb, { ...asset, own: true })) refuse('not-found');
  }
  if (asset.scan === 'infected') refuse('not-found');
  if (asset.scan === 'pending' || asset.scan === 'failed') refuse('scan-pending');
  const picture = asset.mime.startsWith('image/') && !query.original;
  const size = picture ? found(sizeFor(asset.variants ?? (await makeSizes(app, db, asset)), query.w)) : null;
  const mime = size ? 'image/webp' : asset.mime;
  return answerFile(app.files, asked, {
    key: fileKey(size?.key ?? asset.path),
    etag: size ? `"${asset.checksum}-${size.width}"` : `"${asset.checksum}"`,
    headers: {
      'content-type': TOLD.test(mime) ? mime : 'application/octet-stream',
      'content-disposition': disposition(
        SHOWN.test(mime) && !query.original ? 'inline' : 'attachment',
        size ? asset.name.replace(/\.[^.]*$/, '.webp') : asset.name,
      ),
      // A size never changes, as another picture is another asset. Others are asked for each time: access may end.
      'cache-control': size ? 'private, max-age=86400, immutable' : 'private, no-cache',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cross-origin-resource-policy': 'same-origin',
    },
  });
}

/** The smallest that is wide enough, else the largest. */
export function sizeFor(variants: readonly Variant[], width: number | undefined): Variant | undefined {
  const sorted = variants.toSorted((a, b) => a.width - b.width);
  return sorted.find((each) => width !== undefined && each.width >= width) ?? sorted.at(-1);
}

/** For pictures that were stored before sizes were made. */
async function makeSizes(app: Keeping, db: Db, asset: Row): Promise<Variant[]> {
  return staged(app, db, { bytes: new Uint8Array() }, async (_, folder) => {
    const path = join(folder, 'original');
    await pipeline(await app.files.open(fileKey(asset.path)), createWriteStream(path)).catch(() =>
      refuse('not-found'),
    );
    const answer = await sizesOf(app.pictures, path, folder);
    const variants = answer ? await keepSizes(app, tenantOf(db), asset.checksum, answer.sizes) : [];
    await db.query('UPDATE assets SET variants = $2::jsonb, updated_at = now() WHERE id = $1', [
      asset.id,
      JSON.stringify(variants),
    ]);
    return variants;
  });
}

const READ = `
SELECT k.id, k.name, k.mime, k.path, k.checksum, k.variants, k.scan::text,
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
