import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Locale } from '@preau/contract';
import { type Asset, pictureWidths } from '@preau/contract/tenant/assets';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { contentKey } from '../files/key.ts';
import { refuse } from '../http/problem.ts';
import { type Pictures, PicturesBusy } from '../pictures/process.ts';
import { acceptedNames, claimedKind, fileName, type Kind, kindOf } from './kind.ts';
import { scanFile } from './scan.ts';
import { readStorage, requireSpace, takeSpace } from './space.ts';

/** What files are kept with. */
export type Keeping = Pick<App, 'db' | 'files' | 'pictures' | 'scanner' | 'staging' | 'log'>;

export interface NewAsset {
  source: { bytes: Uint8Array } | { path: string };
  name: string;
  alt: string;
  uploadedBy: string | null;
}

/** A size of a picture, in the store. */
export interface Variant {
  key: string;
  width: number;
  height: number;
  bytes: number;
}

/**
 * Stores a file and its record, after everything that can be wrong with it: kind, size, claim, damage, virus, space.
 * The same bytes lie in a tenant's store once.
 */
export async function storeAsset(
  app: Keeping,
  db: Db,
  asset: NewAsset,
  locale: Locale = 'fr',
): Promise<Asset> {
  return staged(app, db, asset.source, async (path, folder) => {
    const { kinds, fileBytes } = await readStorage(db);
    const { size } = await stat(path);
    if (size > fileBytes) refuse('payload-too-large', { limit: fileBytes });
    const kind = await kindOf(path, asset.name);
    if (!kind || !kinds.includes(kind.kind))
      refuse('unsupported-media', {
        accepted: kinds.flatMap((each) => (each === 'package' ? [] : [acceptedNames[each]])).join(', '),
      });
    const claimed = claimedKind(asset.name);
    if (claimed && claimed !== kind.kind)
      refuse('file-mismatch', {
        name: fileName(asset.name, kind.extension),
        actual: kind.extension.toUpperCase(),
      });
    return keep(app, db, { ...asset, path, folder, size, kind }, locale);
  });
}

/**
 * Stores a file that came inside of another one and is handed out as a download, whatever it is. Its kind is what
 * its name says: no browser of ours ever runs it.
 */
export async function storeAttachment(
  app: Keeping,
  db: Db,
  asset: NewAsset & { mime: string; extension: string },
): Promise<Asset> {
  return staged(app, db, asset.source, async (path, folder) => {
    const { size } = await stat(path);
    const kind: Kind = { kind: 'document', mime: asset.mime, extension: asset.extension };
    return keep(app, db, { ...asset, path, folder, size, kind }, 'fr');
  });
}

interface Ready extends NewAsset {
  path: string;
  folder: string;
  size: number;
  kind: Kind;
}

async function keep(app: Keeping, db: Db, asset: Ready, locale: Locale): Promise<Asset> {
  const { path, folder, size, kind } = asset;
  const tenantId = tenantOf(db);
  const checksum = await checksumOf(path);
  const known = await db.maybe<{ scan: string; threat: string | null }>(KNOWN, [checksum]);
  if (known?.scan === 'infected') refuse('file-infected', { threat: known.threat ?? '' });
  await requireSpace(db, known ? 0 : size, locale);
  const scan = await scanFile(app, db, { path, checksum, uploadedBy: asset.uploadedBy });
  const picture = kind.kind === 'image' ? await sizesOf(app.pictures, path, folder) : null;
  if (kind.kind === 'image' && !picture) refuse('file-broken');
  const key = contentKey(
    tenantId,
    checksum,
    /^[a-z0-9]{1,12}$/.test(kind.extension) ? `.${kind.extension}` : '',
  );
  await app.files.put(key, { path });
  const variants: Variant[] | null = picture && (await keepSizes(app, tenantId, checksum, picture.sizes));
  return takeSpace(db, known ? 0 : size, locale, (tx) =>
    tx.one<Asset & Record<string, unknown>>(INSERT, [
      fileName(asset.name, kind.extension),
      kind.mime,
      size,
      checksum,
      key,
      picture?.width ?? null,
      picture?.height ?? null,
      asset.alt,
      asset.uploadedBy,
      variants && JSON.stringify(variants),
      scan,
    ]),
  );
}

type Sizes = Awaited<ReturnType<typeof sizesOf>>;

/** The sizes a picture is shown in; null where it cannot be opened. */
export async function sizesOf(pictures: Pictures, path: string, folder: string) {
  const answer = await pictures
    .carryOut({ kind: 'sizes', path, folder, widths: pictureWidths })
    .catch((error: unknown) => {
      if (error instanceof PicturesBusy) refuse('unavailable');
      throw error;
    });
  return answer.kind === 'sizes' ? answer : null;
}

export async function keepSizes(
  app: Keeping,
  tenantId: string,
  checksum: string,
  sizes: NonNullable<Sizes>['sizes'],
): Promise<Variant[]> {
  const kept: Variant[] = [];
  for (const { path, width, height, bytes } of sizes) {
    const key = contentKey(tenantId, checksum, `-${width}.webp`, 'variants');
    await app.files.put(key, { path });
    kept.push({ key, width, height, bytes });
  }
  return kept;
}

export async function checksumOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

/** Works on a file in a folder of the tenant's that is gone afterwards. */
export async function staged<T>(
  app: Pick<Keeping, 'staging'>,
  db: Db,
  source: NewAsset['source'],
  work: (path: string, folder: string) => Promise<T>,
): Promise<T> {
  const parent = join(app.staging, tenantOf(db));
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'work-'));
  try {
    if ('path' in source) return await work(source.path, folder);
    const path = join(folder, 'file');
    await writeFile(path, source.bytes);
    return await work(path, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const KNOWN =
  'SELECT a.scan::text, a.threat FROM assets a WHERE a.checksum = $1 ORDER BY a.scan DESC LIMIT 1';
const INSERT = `
INSERT INTO assets (name, mime, bytes, checksum, path, width, height, alt, uploaded_by_id, variants, scan, scanned_at)
VALUES ($1, $2, $3::bigint, $4, $5, $6::int, $7::int, $8, $9, $10::jsonb, $11::enum_assets_scan,
  CASE WHEN $11 IN ('clean', 'infected') THEN now() END)
RETURNING id, name, mime, bytes::float8 AS bytes, width::int, height::int, alt, scan = 'pending' AS scanning`;
