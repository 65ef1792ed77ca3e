import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CoursePackage, PackageAsset } from '@preau/elearning/coursePackage';
import { excerptOf, type Note } from '@preau/elearning/note';
import { extensionOf } from '../assets/kind.ts';
import { type Keeping, staged, storeAsset, storeAttachment } from '../assets/store.ts';
import type { Db } from '../database/db.ts';
import { Problem } from '../http/problem.ts';

const MAX_PICTURE = 20 * 1024 * 1024;
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
  app: Keeping,
  db: Db,
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
    const place = await storePicture(app, db, asset, uploadedBy);
    stored.pictures[asset.path] = place;
    if (place === null) refuse('image.broken', asset);
    await progress(++done);
  }
  for (const asset of course.attachments) {
    const assetId = await storeDownload(app, db, asset, uploadedBy);
    stored.attachments[asset.path] = assetId;
    if (assetId === null) refuse('link.broken', asset);
    await progress(++done);
  }
  return { stored, notes };
}

/** A file is handed out under the kind that its name says: as a download, which no browser runs. */
async function storeDownload(
  app: Keeping,
  db: Db,
  asset: PackageAsset,
  uploadedBy: string | null,
): Promise<string | null> {
  const bytes = asset.read();
  if (bytes.byteLength === 0 || bytes.byteLength > MAX_ATTACHMENT) return null;
  const known = await findStored(db, bytes);
  if (known) return known;
  const name = nameOf(asset.path);
  return orNone(async () => {
    const file = { source: { bytes }, name, alt: '', uploadedBy };
    const extension = extensionOf(name) || 'bin';
    return (await storeAttachment(app, db, { ...file, mime: asset.mime, extension })).id;
  });
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
  app: Keeping,
  db: Db,
  asset: PackageAsset,
  uploadedBy: string | null,
): Promise<Stored['pictures'][string]> {
  const bytes = asset.read();
  if (bytes.byteLength === 0 || bytes.byteLength > MAX_PICTURE) return null;
  return staged(app, db, { bytes }, async (path, folder) => {
    const picture = await app.pictures.carryOut({ kind: 'convert', path, folder });
    if (picture.kind !== 'convert') return null;
    const { width, height } = picture;
    const known = await findStored(db, await readFile(picture.path));
    if (known) return { assetId: known, width, height };
    return orNone(async () => {
      const { id } = await storeAsset(app, db, {
        source: { path: picture.path },
        // What was drawn or converted is of another kind than its name says.
        name: picture.path === path ? nameOf(asset.path) : nameOf(asset.path).replace(/\.[^.]*$/, ''),
        alt: asset.alt.slice(0, 500),
        uploadedBy,
      });
      return { assetId: id, width, height };
    });
  });
}

/** What cannot be kept is a note in the report; only where nothing more fits does the import end. */
async function orNone<T>(store: () => Promise<T>): Promise<T | null> {
  try {
    return await store();
  } catch (error) {
    if (error instanceof Problem && error.type !== 'storage-full' && error.status < 500) return null;
    throw error;
  }
}
