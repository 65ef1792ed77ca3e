import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileKey } from '../files/key.ts';
import { openBackupStore, type StoreSettings } from '../files/open.ts';
import type { FileStore } from '../files/store.ts';
import type { Settings } from '../settings.ts';
import { type Keyring, opening, readKeyring, sealing } from './cipher.ts';

/** What backups are taken with and brought back from. */
export interface Backups {
  store: FileStore;
  keyring: Keyring;
  /** Reads a tenant's rows, and no more. */
  databaseUrl: string;
  /** Where files are sealed before they are stored. */
  staging: string;
}

/** The settings that say where backups lie, and with what. */
export type BackupSettings = Pick<Settings, 'BACKUP_KEYS' | 'DATABASE_BACKUP_URL' | 'DATA_DIR'> &
  StoreSettings;

/** Null where backups are not set up: they need a key and a role of their own. */
export async function openBackups(settings: BackupSettings): Promise<Backups | null> {
  const { BACKUP_KEYS, DATABASE_BACKUP_URL, DATA_DIR } = settings;
  if (!BACKUP_KEYS || !DATABASE_BACKUP_URL) return null;
  const store = await openBackupStore(settings);
  await store.check();
  const staging = join(DATA_DIR, 'backups-staging');
  await mkdir(staging, { recursive: true, mode: 0o700 });
  return { store, keyring: readKeyring(BACKUP_KEYS), databaseUrl: DATABASE_BACKUP_URL, staging };
}

/** What flowed through. */
export interface Measured {
  bytes: number;
  sha256: string;
}

/** Counts and hashes what it hands on. */
export async function* measured(source: AsyncIterable<Buffer>, seen: (result: Measured) => void) {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    bytes += chunk.byteLength;
    yield chunk;
  }
  seen({ bytes, sha256: hash.digest('hex') });
}

/**
 * Seals a stream and puts it into the store, whole or not at all. Its name is part of the seal.
 * @returns what was sealed, and how many bytes lie in the store
 */
export async function keep(
  { store, keyring, staging }: Backups,
  key: FileKey,
  source: AsyncIterable<Buffer>,
  ...packing: Transform[]
): Promise<Measured & { stored: number }> {
  const folder = await mkdtemp(join(staging, 'keep-'));
  try {
    const path = join(folder, 'sealed');
    let result: Measured | undefined;
    const content = Readable.from(
      measured(source, (seen) => {
        result = seen;
      }),
      { objectMode: false },
    );
    await pipeline([content, ...packing, sealing(keyring, key), createWriteStream(path, { mode: 0o600 })]);
    await store.put(key, { path });
    if (!result) throw new Error('nothing was sealed');
    return { ...result, stored: (await store.size(key)) ?? 0 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Opens what `keep` put there. Fails, also late, where it is not what was put there. */
export async function recall(
  { store, keyring }: Pick<Backups, 'store' | 'keyring'>,
  key: FileKey,
  ...unpacking: Transform[]
): Promise<Readable> {
  const source = await store.open(key);
  let stream: Readable = source;
  for (const step of [opening(keyring, key), ...unpacking]) {
    const from = stream;
    from.on('error', (error) => step.destroy(error));
    step.on('close', () => from.destroy());
    stream = from.pipe(step);
  }
  return stream;
}

/** Brings a kept file into a folder of this machine, and says what it was. */
export async function recallTo(backups: Backups, key: FileKey, path: string): Promise<Measured> {
  let result: Measured | undefined;
  const content = measured(await recall(backups, key), (seen) => {
    result = seen;
  });
  await pipeline(content, createWriteStream(path, { mode: 0o600 }));
  if (!result) throw new Error('nothing was read');
  return result;
}
