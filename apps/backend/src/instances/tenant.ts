import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Branding, Locale } from '@preau/contract';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { tenantCollections } from '../collections/tenant/index.ts';
import { APPEND_ONLY } from '../database/appendOnly.ts';
import type { Db } from '../database/db.ts';
import type { Scope } from '../database/scope.ts';
import { tableOf } from '../database/tables.ts';
import { prefixOf } from '../files/key.ts';
import { found, refuse } from '../http/problem.ts';
import { openSite } from '../site/open.ts';
import { ensureAdministrator } from '../users/administrator.ts';
import { readOrderer } from './follow.ts';

type Open = (scope: Scope) => Db;

async function tenantIdOf(db: Db, instanceId: string): Promise<string> {
  return found(
    await db.maybe<{ tenantId: string }>('SELECT tenant_id AS "tenantId" FROM instances WHERE id = $1', [
      instanceId,
    ]),
  ).tenantId;
}

/** Gives the tenant its settings from the order's branding; repeating keeps what is there. */
export async function ensureTenantOf(db: Db, open: Open, instanceId: string) {
  const { tenantId, branding, locale } = found(
    await db.maybe<{ tenantId: string; branding: Branding; locale: Locale }>(
      'SELECT tenant_id AS "tenantId", branding, locale FROM instances WHERE id = $1',
      [instanceId],
    ),
  );
  const tenant = open({ kind: 'tenant', tenantId });
  const known = await tenant.maybe('SELECT 1 FROM site_settings');
  if (!known) await openSite(tenant, branding, locale);
  return { tenantId, created: !known };
}

/** Makes the account that ordered the platform its first administrator. */
export async function ensureFirstAdministratorOf(db: Db, open: Open, instanceId: string) {
  const tenantId = await tenantIdOf(db, instanceId);
  const { email, person, locale } = await readOrderer(db, instanceId);
  return ensureAdministrator(open({ kind: 'tenant', tenantId }), { email, name: person, locale });
}

/**
 * Deletes every row and file of a tenant; repeating finds nothing more.
 * @throws Problem `state-forbids` where the instance is not to be deleted
 */
export async function purge(
  db: Db,
  open: Open,
  { files: store, staging }: Pick<App, 'files' | 'staging'>,
  instanceId: string,
): Promise<{ rows: number; files: number }> {
  const { tenantId, wanted } = found(
    await db.maybe<{ tenantId: string; wanted: string }>(
      'SELECT tenant_id AS "tenantId", wanted FROM instances WHERE id = $1',
      [instanceId],
    ),
  );
  if (wanted !== 'absent') refuse('state-forbids');
  // First of all: only a purged tenant's log may be deleted.
  await db.query(`UPDATE tenants SET state = 'purged', updated_at = now() WHERE id = $1`, [tenantId]);
  const rows = await open({ kind: 'tenant', tenantId }).transaction(deleteRows);
  const files = await store.removeAll(prefixOf(tenantId));
  await rm(join(staging, tenantId), { recursive: true, force: true });
  await db.query('DELETE FROM mails WHERE tenant_id = $1', [tenantId]);
  await record(db, { action: 'instance.purged', target: instanceId, details: { tenantId, rows, files } });
  return { rows, files };
}

/** Rows that others still point to are left for the next round; a round that deletes nothing is the last. */
async function deleteRows(tx: Db): Promise<number> {
  // The log goes with its chain, in which nothing can be deleted by itself.
  let left = tenantCollections.map(({ slug }) => tableOf(slug)).filter((table) => !APPEND_ONLY.has(table));
  let rows = 0;
  while (left.length > 0) {
    const blocked: string[] = [];
    for (const table of left) {
      try {
        const deleted = await tx.transaction((inner) =>
          inner.one<{ rows: number }>(
            `WITH gone AS (DELETE FROM ${table} RETURNING 1) SELECT count(*)::int AS rows FROM gone`,
          ),
        );
        rows += deleted.rows;
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === '23503')) throw error;
        blocked.push(table);
      }
    }
    if (blocked.length === left.length) throw new Error(`rows of ${blocked.join(', ')} cannot be deleted`);
    left = blocked;
  }
  return rows;
}
