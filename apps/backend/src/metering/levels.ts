import type { App } from '../app.ts';
import { readStorage } from '../assets/space.ts';
import { tenantCollections } from '../collections/tenant/index.ts';
import type { Db } from '../database/db.ts';
import { tableOf } from '../database/tables.ts';
import { tenantOf } from '../database/tenant.ts';
import { countLearners } from '../people/limit.ts';
import { tellLimits } from './limits.ts';

/**
 * Looks at what a tenant keeps (files, rows, learners), and tells its customer where that comes near a limit.
 * @param tenant bound to it
 */
export async function measureLevels(app: Pick<App, 'db' | 'settings'>, tenant: Db): Promise<void> {
  const { usedBytes } = await readStorage(tenant);
  const learners = await countLearners(tenant);
  const { bytes } = await tenant.one<{ bytes: number }>(DATABASE_BYTES);
  const platform = app.db({ kind: 'platform' });
  const [instance] = await platform.query<{ id: string }>(
    `INSERT INTO meter_levels (instance_id, storage_bytes, database_bytes, learners, measured_at)
     SELECT i.id, $2, $3, $4, now() FROM instances i WHERE i.tenant_id = $1
     ON CONFLICT (instance_id) DO UPDATE SET storage_bytes = excluded.storage_bytes,
       database_bytes = excluded.database_bytes, learners = excluded.learners, measured_at = excluded.measured_at
     RETURNING instance_id AS id`,
    [tenantOf(tenant), usedBytes, bytes, learners],
  );
  if (instance) await tellLimits(platform, app.settings.PREAU_PUBLIC_URL, instance.id);
}

/**
 * An estimate: of each table, with its indexes, the share that the tenant's rows are of all. Rows are counted along
 * the tenant's index; how many there are in all is the planner's guess. Large rows count as the average one.
 */
const DATABASE_BYTES = `
SELECT coalesce(sum(pg_total_relation_size(c.oid) * least(1, own.rows / greatest(c.reltuples, own.rows, 1))), 0)::float8 AS bytes
FROM (${tenantCollections
  .map(({ slug }) => tableOf(slug))
  .map((table) => `SELECT '${table}'::regclass AS oid, count(*)::float8 AS rows FROM "${table}"`)
  .join(' UNION ALL ')}) own
JOIN pg_class c ON c.oid = own.oid`;
