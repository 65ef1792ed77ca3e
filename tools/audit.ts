/**
 * `npm run audit`: verifies the platform's audit log and every tenant's, whether the platform runs or not. Ends with
 * 0 where all are whole and with 1 where one is broken, and says where. Other servers than this machine's own:
 * DATABASE_URL, or the two addresses of the backend, DATABASE_PLATFORM_URL and DATABASE_TENANT_URL.
 */
import { verifyPlatform } from '../apps/backend/src/audit/verify.ts';
import { verifyTenants } from '../apps/backend/src/audit/verifyTenants.ts';
import { openDb } from '../apps/backend/src/database/db.ts';
import { ScopedPool } from '../apps/backend/src/database/pool.ts';
import type { Scope } from '../apps/backend/src/database/scope.ts';
import { defaultDataDir } from './paths.ts';
import { findServer } from './server.ts';
import { fail } from './terminal.ts';

const dataDir = defaultDataDir();

const broken = (whose: string, { seq, reason }: { seq: number; reason: string }) =>
  console.error(`✗ ${whose}: broken at entry ${seq} (${reason})`);

async function audit(): Promise<void> {
  const server = await findServer(dataDir);
  const pool = new ScopedPool({ ...server, size: 2 });
  const open = (scope: Scope) => openDb(pool, scope);
  try {
    const platform = await verifyPlatform(open({ kind: 'platform' }), dataDir);
    const tenants = await verifyTenants(open({ kind: 'platform' }), open);
    if (platform.breach) broken('the platform', platform.breach);
    for (const { slug, breach } of tenants.broken) broken(slug, breach);
    if (platform.breach || tenants.broken.length > 0) process.exitCode = 1;
    else
      console.log(`✓ Whole: ${platform.entries} entries of the platform, ${tenants.checked} logs of tenants`);
  } finally {
    await pool.end();
    await server.leave();
  }
}

await audit().catch(fail);
