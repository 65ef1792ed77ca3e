import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Asset } from '@preau/contract/tenant/assets';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { refuse } from '../http/problem.ts';
import { ACCEPTED, type Sniffed, sniff } from './sniff.ts';

export interface NewAsset {
  bytes: Uint8Array;
  name: string;
  alt: string;
  uploadedBy: string | null;
}

/** Letters that a file's name may not keep: separators, control characters, those that turn text around. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: removing them is the point
const HOSTILE = /[\u0000-\u001f\u007f\u200e\u200f\u202a-\u202e\u2066-\u2069\\/:*?"<>|]/g;
const MAX_NAME = 150;
/** Under the data folder; each tenant has one of its own in it. */
const FOLDER = 'files';

/** Where every file of a tenant lies. */
export function filesFolderOf(dataDir: string, tenantId: string): string {
  return join(dataDir, FOLDER, tenantId);
}

/**
 * Stores a file and its record. The same bytes are stored once in a tenant.
 * @param dataDir where files lie, under `files/<tenant>/`
 */
export async function storeAsset(db: Db, dataDir: string, asset: NewAsset): Promise<Asset> {
  const kind = await sniff(asset.bytes);
  if (!kind) refuse('unsupported-media', { accepted: ACCEPTED.join(', ') });
  return storeFile(db, dataDir, asset, kind);
}

/** Stores a file whose kind is known. What no browser shows is handed out as a download, see download.ts. */
export async function storeFile(db: Db, dataDir: string, asset: NewAsset, kind: Sniffed): Promise<Asset> {
  const checksum = createHash('sha256').update(asset.bytes).digest('hex');
  const path = join(FOLDER, tenantOf(db), checksum.slice(0, 2), `${checksum}.${kind.extension}`);
  await writeOnce(join(dataDir, path), asset.bytes);
  return db.one<Asset & Record<string, unknown>>(INSERT, [
    fileName(asset.name, kind.extension),
    kind.mime,
    asset.bytes.byteLength,
    checksum,
    path,
    kind.width,
    kind.height,
    asset.alt,
    asset.uploadedBy,
  ]);
}

/** A file's name as it can be shown and saved anywhere. */
export function fileName(given: string, extension: string): string {
  const name = given
    .normalize('NFC')
    .replace(HOSTILE, ' ')
    .trim()
    .slice(-MAX_NAME)
    .replace(/^[.\s]+/, '');
  return name === '' ? `fichier.${extension}` : name;
}

/** Nobody ever reads half a file: it is written beside, then moved into place. */
async function writeOnce(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const beside = `${path}.${randomUUID()}`;
  try {
    await writeFile(beside, bytes, { flag: 'wx' });
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    throw error;
  }
}

const INSERT = `
INSERT INTO assets (name, mime, bytes, checksum, path, width, height, alt, uploaded_by_id)
VALUES ($1, $2, $3::int, $4, $5, $6::int, $7::int, $8, $9)
RETURNING id, name, mime, bytes::int, width::int, height::int, alt`;
