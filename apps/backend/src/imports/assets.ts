import { createHash } from 'node:crypto';
import type { CoursePackage, PackageAsset } from '@preau/elearning/coursePackage';
import { excerptOf, type Note } from '@preau/elearning/note';
import { storeAsset } from '../assets/store.ts';
import type { Db } from '../database/db.ts';
import { readPicture } from './picture.ts';

/** Where the pictures of a package are now, by their path; null for those that cannot be read. */
export type Stored = Record<string, { assetId: string; width: number; height: number } | null>;

/**
 * Stores the pictures. It can run again: a picture whose bytes the tenant already has is the same asset.
 * @param progress is told how many of them are done
 */
export async function storePictures(
  db: Db,
  dataDir: string,
  course: CoursePackage,
  uploadedBy: string | null,
  progress: (done: number) => Promise<void>,
): Promise<{ stored: Stored; notes: Note[] }> {
  const stored: Stored = {};
  const notes: Note[] = [];
  for (const [index, asset] of course.assets.entries()) {
    const place = await storePicture(db, dataDir, asset, uploadedBy);
    stored[asset.path] = place;
    if (place === null)
      notes.push({
        level: 'warning',
        file: asset.path,
        line: null,
        what: 'image.broken',
        excerpt: excerptOf(asset.alt),
      });
    await progress(index + 1);
  }
  return { stored, notes };
}

async function storePicture(
  db: Db,
  dataDir: string,
  asset: PackageAsset,
  uploadedBy: string | null,
): Promise<Stored[string]> {
  const picture = await readPicture(asset);
  if (picture === null) return null;
  const { width, height } = picture;
  const checksum = createHash('sha256').update(picture.bytes).digest('hex');
  const known = await db.maybe<{ id: string }>(
    'SELECT id FROM assets WHERE checksum = $1 ORDER BY id LIMIT 1',
    [checksum],
  );
  if (known) return { assetId: known.id, width, height };
  const name = asset.path.slice(asset.path.lastIndexOf('/') + 1);
  const { id } = await storeAsset(db, dataDir, {
    bytes: picture.bytes,
    name: name.replace(/\.svg$/i, '.png'),
    alt: asset.alt.slice(0, 500),
    uploadedBy,
  });
  return { assetId: id, width, height };
}
