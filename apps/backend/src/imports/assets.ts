import { createHash } from 'node:crypto';
import type { CoursePackage, PackageAsset } from '@preau/elearning/coursePackage';
import { excerptOf, type Note } from '@preau/elearning/note';
import { storeAsset, storeFile } from '../assets/store.ts';
import type { Db } from '../database/db.ts';
import { readPicture } from './picture.ts';

/** Bytes of a file to download. */
const MAX_ATTACHMENT = 50 * 1024 * 1024;

/** Where the files of a package are now, by their path; null for those that cannot be read. */
export interface Stored {
  pictures: Record<string, { assetId: string; width: number; height: number } | null>;
  /** Ids of assets that are downloaded. */
  attachments: Record<string, string | null>;
}

/**
 * Stores the pictures and the files to download. It can run again: a file whose bytes the tenant already has is the
 * same asset.
 * @param progress is told how many of them are done
 */
export async function storeFiles(
  db: Db,
  dataDir: string,
  course: CoursePackage,
  uploadedBy: string | null,
  progress: (done: number) => Promise<void>,
): Promise<{ stored: Stored; notes: Note[] }> {
  const stored: Stored = { pictures: {}, attachments: {} };
  const notes: Note[] = [];
  const refuse = (what: Note['what'], { path, alt }: PackageAsset) =>
    notes.push({ level: 'warning', file: path, line: null, what, excerpt: excerptOf(alt) });
  let done = 0;
  for (const asset of course.assets) {
    const place = await storePicture(db, dataDir, asset, uploadedBy);
    stored.pictures[asset.path] = place;
    if (place === null) refuse('image.broken', asset);
    await progress(++done);
  }
  for (const asset of course.attachments) {
    const assetId = await storeAttachment(db, dataDir, asset, uploadedBy);
    stored.attachments[asset.path] = assetId;
    if (assetId === null) refuse('link.broken', asset);
    await progress(++done);
  }
  return { stored, notes };
}

/** A file is handed out under the kind that its name says: as a download, which no browser runs. */
async function storeAttachment(
  db: Db,
  dataDir: string,
  asset: PackageAsset,
  uploadedBy: string | null,
): Promise<string | null> {
  const bytes = asset.read();
  if (bytes.byteLength === 0 || bytes.byteLength > MAX_ATTACHMENT) return null;
  const known = await findStored(db, bytes);
  if (known) return known;
  const name = nameOf(asset.path);
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const kind = { mime: asset.mime, extension, width: null, height: null };
  const { id } = await storeFile(db, dataDir, { bytes, name, alt: '', uploadedBy }, kind);
  return id;
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

async function findStored(db: Db, bytes: Uint8Array): Promise<string | undefined> {
  const checksum = createHash('sha256').update(bytes).digest('hex');
  const row = await db.maybe<{ id: string }>(
    'SELECT id FROM assets WHERE checksum = $1 ORDER BY id LIMIT 1',
    [checksum],
  );
  return row?.id;
}

async function storePicture(
  db: Db,
  dataDir: string,
  asset: PackageAsset,
  uploadedBy: string | null,
): Promise<Stored['pictures'][string]> {
  const picture = await readPicture(asset);
  if (picture === null) return null;
  const { width, height } = picture;
  const known = await findStored(db, picture.bytes);
  if (known) return { assetId: known, width, height };
  const { id } = await storeAsset(db, dataDir, {
    bytes: picture.bytes,
    name: nameOf(asset.path).replace(/\.svg$/i, '.png'),
    alt: asset.alt.slice(0, 500),
    uploadedBy,
  });
  return { assetId: id, width, height };
}
