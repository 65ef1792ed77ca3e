import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import type { Scanner } from '../assets/scanner.ts';
import type { Keeping } from '../assets/store.ts';
import { openDb } from '../database/db.ts';
import { folderStore } from '../files/folder.ts';
import type { FileStore } from '../files/store.ts';
import { openPictures } from '../pictures/process.ts';
import type { TestTenants } from './tenants.ts';

export interface TestKeeping extends Keeping {
  /** Where the store's folder and the staging folder are. */
  folder: string;
  close(): Promise<void>;
}

/** A real store in a folder of its own, and a real process for pictures; call `close` afterwards. */
export async function testKeeping(
  { pool }: Pick<TestTenants, 'pool'>,
  { files, scanner = null }: { files?: FileStore; scanner?: Scanner | null } = {},
): Promise<TestKeeping> {
  const folder = await mkdtemp(join(tmpdir(), 'preau-files-'));
  const pictures = openPictures();
  return {
    folder,
    files: files ?? folderStore(folder),
    staging: join(folder, 'uploads'),
    pictures,
    scanner,
    log: pino({ level: 'fatal' }),
    db: (scope) => openDb(pool, scope),
    async close() {
      pictures.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
