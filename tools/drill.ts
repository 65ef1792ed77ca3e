/**
 * `npm run drill -- SUBDOMAIN`: restores a platform's newest backup as a copy beside the living ones, compares every
 * row and file, and leaves nothing behind; without a name, the platform is drawn by lot. Ends with 1 where something
 * did not come back as it was. Other servers than this machine's own: the backend's variables.
 */
import { drawBackup, tryBackup } from '../apps/backend/src/backups/drill.ts';
import { openDb } from '../apps/backend/src/database/db.ts';
import { ScopedPool } from '../apps/backend/src/database/pool.ts';
import type { Scope } from '../apps/backend/src/database/scope.ts';
import { defaultDataDir } from './paths.ts';
import { findServer } from './server.ts';
import { fail, Refusal } from './terminal.ts';
import { backupsOf } from './whole.ts';

const dataDir = defaultDataDir();

async function drill(slug: string | undefined): Promise<void> {
  const server = await findServer(dataDir);
  const pool = new ScopedPool({ ...server, size: 2 });
  const db = (scope: Scope) => openDb(pool, scope);
  try {
    const backups = await backupsOf(dataDir, server);
    const platform = db({ kind: 'platform' });
    const backup = await drawBackup(platform, slug);
    if (!backup) throw new Refusal(slug ? `No backup of ${slug} is kept.` : 'No backup is kept yet.');
    const result = await tryBackup({ db }, backups, backup, async () => {});
    const { tables, rows, files, seconds, differences } = result;
    for (const name of differences) console.error(`✗ ${name} did not come back as it was kept`);
    if (differences.length > 0) process.exitCode = 1;
    else console.log(`✓ ${backup.slug}: ${tables} tables, ${rows} rows, ${files} files in ${seconds} s`);
  } finally {
    await pool.end();
    await server.leave();
  }
}

await drill(process.argv[2]).catch(fail);
