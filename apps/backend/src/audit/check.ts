/**
 * `npm run audit`: verifies the platform's log and every tenant's, with the same settings as the backend. Answers 0
 * where all are whole, 1 where one is broken, and says where.
 */
import { openDb } from '../database/db.ts';
import { ScopedPool } from '../database/pool.ts';
import type { Scope } from '../database/scope.ts';
import { readSettings } from '../settings.ts';
import { verifyPlatform } from './verify.ts';
import { verifyTenants } from './verifyTenants.ts';

const settings = readSettings({ ...process.env, PORT: process.env.PORT ?? '0' });
const pool = new ScopedPool({
  platformUrl: settings.DATABASE_PLATFORM_URL,
  tenantUrl: settings.DATABASE_TENANT_URL,
  size: 2,
  binding: settings.DATABASE_BINDING,
});
const open = (scope: Scope) => openDb(pool, scope);
try {
  const platform = await verifyPlatform(open({ kind: 'platform' }), settings.DATA_DIR);
  const { checked, broken } = await verifyTenants(open({ kind: 'platform' }), open);
  const say = (who: string, { seq, reason }: { seq: number; reason: string }) =>
    console.error(`${who}: broken at entry ${seq} (${reason})`);
  if (platform.breach) say('platform', platform.breach);
  for (const { slug, breach } of broken) say(slug, breach);
  console.log(`${platform.entries} entries of the platform and ${checked} logs of tenants verified`);
  process.exitCode = platform.breach || broken.length > 0 ? 1 : 0;
} finally {
  await pool.end();
}
