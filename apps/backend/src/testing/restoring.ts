/** Carries a restore out in a process of its own, which a test may kill: `restoring.ts <restore>`, settings as JSON. */

import { readKeyring } from '../backups/cipher.ts';
import { noteProgress } from '../backups/job.ts';
import { carryOutRestore } from '../backups/jobs.ts';
import { openDb } from '../database/db.ts';
import { ScopedPool } from '../database/pool.ts';
import { folderStore } from '../files/folder.ts';

const [restoreId = '', platformUrl = '', tenantUrl = '', databaseUrl = '', folder = '', key = ''] =
  process.argv.slice(2);
const pool = new ScopedPool({ platformUrl, tenantUrl, size: 2 });
const backups = {
  store: folderStore(`${folder}/kept`),
  keyring: readKeyring([key]),
  databaseUrl,
  staging: folder,
};
const app = { db: (scope: Parameters<typeof openDb>[1]) => openDb(pool, scope), files: folderStore(folder) };
await carryOutRestore({ app, backups }, restoreId, (percent) =>
  noteProgress(app.db({ kind: 'platform' }), 'restores', restoreId, percent),
);
await pool.end();
