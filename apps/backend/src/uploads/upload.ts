import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locale } from '@preau/contract';
import { PACKAGE_BYTES } from '@preau/contract/tenant/assets';
import { IMPORT_BYTES } from '@preau/contract/tenant/imports';
import { acceptedNames, claimedKind, extensionOf, fileName } from '../assets/kind.ts';
import { readStorage, takeSpace } from '../assets/space.ts';
import { checksumOf, type Keeping } from '../assets/store.ts';
import type { Db } from '../database/db.ts';
import { tenantOf } from '../database/tenant.ts';
import { found, refuse } from '../http/problem.ts';
import { ALONE } from '../packages/type.ts';
import { requireWritable } from '../site/state.ts';

/** Hours until an unfinished upload is dropped, counted from its beginning. */
export const UPLOAD_HOURS = 24;
/** Of one person at once: more is an accident or an attack. */
const MAX_OPEN = 20;

export type Purpose = 'asset' | 'import' | 'package';
/** Beside the plan's own limit. */
const LARGEST: Record<Purpose, number> = {
  asset: Number.POSITIVE_INFINITY,
  import: IMPORT_BYTES,
  package: PACKAGE_BYTES,
};

export interface Announced {
  name: string;
  bytes: number;
  purpose: Purpose;
  checksum: string | null;
  userId: string;
}

/**
 * Accepts an upload before its first byte is sent: its kind by its name, its size, and the plan's space, of which it
 * takes its whole length from now on.
 * @returns its id
 */
export async function announce(db: Db, upload: Announced, locale: Locale): Promise<string> {
  await requireWritable(db);
  const { kinds, fileBytes } = await readStorage(db);
  const limit = Math.min(fileBytes, LARGEST[upload.purpose]);
  if (upload.bytes > limit) refuse('payload-too-large', { limit });
  const extension = extensionOf(upload.name);
  const accepted =
    upload.purpose === 'package'
      ? kinds.includes('package') && (extension === 'zip' || ALONE.test(upload.name))
      : upload.purpose === 'import'
        ? ['zip', 'gift', 'txt'].includes(extension)
        : kinds.some((kind) => kind === claimedKind(upload.name));
  if (!accepted) refuse('unsupported-media', { accepted: acceptedFor(upload.purpose, kinds) });
  return takeSpace(db, upload.bytes, locale, async (tx) => {
    const { open } = await tx.one<{ open: number }>(OPEN, [upload.userId]);
    if (open >= MAX_OPEN) refuse('rate-limited', { seconds: 60 });
    const { id } = await tx.one<{ id: string }>(INSERT, [
      fileName(upload.name, extension),
      upload.purpose,
      upload.bytes,
      upload.checksum,
      upload.userId,
    ]);
    return id;
  });
}

function acceptedFor(purpose: Purpose, kinds: (keyof typeof acceptedNames)[]): string {
  if (purpose === 'import') return 'ZIP, GIFT';
  if (purpose === 'package') return kinds.includes('package') ? acceptedNames.package : '–';
  return kinds.flatMap((kind) => (kind === 'package' ? [] : [acceptedNames[kind]])).join(', ');
}

/** @throws Problem `not-found` for somebody else's upload, and for one that expired */
export async function requireOpen(db: Db, uploadId: string, userId: string): Promise<void> {
  found(await db.maybe(`${FIND} AND u.expires_at > now()`, [uploadId, userId]));
}

interface Row extends Record<string, unknown> {
  name: string;
  purpose: Purpose;
  bytes: number;
  checksum: string | null;
  result: string | null;
}

export interface Arrived {
  path: string;
  name: string;
}

/**
 * Makes something of an upload that has arrived whole; what was made before is found again.
 * @param make gives the id of what it made
 * @param read presents it
 */
export async function finish<T>(
  app: Keeping,
  db: Db,
  { uploadId, userId, purpose }: { uploadId: string; userId: string; purpose: Purpose },
  make: (file: Arrived) => Promise<string>,
  read: (id: string) => Promise<T>,
): Promise<T> {
  const upload = found(await db.maybe<Row>(FIND, [uploadId, userId]));
  if (upload.purpose !== purpose) refuse('not-found');
  if (upload.result) return read(upload.result);
  const path = pathOf(app, tenantOf(db), uploadId);
  const { size } = await stat(path).catch(() => refuse('upload-incomplete'));
  if (size < upload.bytes) refuse('upload-incomplete');
  if (size > upload.bytes || (upload.checksum && upload.checksum !== (await checksumOf(path)))) {
    await forget(app, db, uploadId);
    refuse('file-broken');
  }
  // From here on its bytes are counted by what is made of it.
  if (!(await db.maybe(CLAIM, [uploadId]))) refuse('unavailable');
  let result: string;
  try {
    result = await make({ path, name: upload.name });
  } catch (error) {
    await db.query(RELEASE, [uploadId]);
    throw error;
  }
  await db.query('UPDATE uploads SET result = $2, updated_at = now() WHERE id = $1', [uploadId, result]);
  await removeFiles(app, tenantOf(db), uploadId);
  return read(result);
}

/** Gives an upload up: its bytes go, and what it took of the space. */
export async function forget(app: Keeping, db: Db, uploadId: string): Promise<void> {
  await db.query('DELETE FROM uploads WHERE id = $1 AND result IS NULL', [uploadId]);
  await removeFiles(app, tenantOf(db), uploadId);
}

const pathOf = (app: Pick<Keeping, 'staging'>, tenantId: string, uploadId: string): string =>
  join(app.staging, tenantId, uploadId);

async function removeFiles(app: Keeping, tenantId: string, uploadId: string): Promise<void> {
  const path = pathOf(app, tenantId, uploadId);
  await rm(path, { force: true });
  await rm(`${path}.json`, { force: true });
}

const OPEN = `
SELECT count(*)::int AS open FROM uploads u
WHERE u.started_by_id = $1 AND u.result IS NULL AND u.expires_at > now()`;
const INSERT = `
INSERT INTO uploads (name, purpose, bytes, checksum, started_by_id, expires_at)
VALUES ($1, $2::enum_uploads_purpose, $3::bigint, $4, $5, now() + interval '${UPLOAD_HOURS} hours') RETURNING id`;
const FIND = `
SELECT u.name, u.purpose::text, u.bytes::float8 AS bytes, u.checksum, nullif(u.result, '') AS result
FROM uploads u WHERE u.id = $1 AND u.started_by_id = $2`;
/** Empty: another request is at it, and whoever asks again later finds what it made. A claim that a process took with it when it died is free again after five minutes. */
const CLAIM = `
UPDATE uploads SET result = '', updated_at = now()
WHERE id = $1 AND (result IS NULL OR (result = '' AND updated_at < now() - interval '5 minutes')) RETURNING id`;
/** Whoever waits for the scanner shall find it again tomorrow. */
const RELEASE = `
UPDATE uploads SET result = NULL, updated_at = now(),
  expires_at = greatest(expires_at, now() + interval '${UPLOAD_HOURS} hours')
WHERE id = $1 AND result = ''`;
