import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Branding, Locale } from '@preau/contract';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { deleteBackupsOf } from '../backups/prune.ts';
import { tenantCollections } from '../collections/tenant/index.ts';
import { APPEND_ONLY } from '../database/appendOnly.ts';
import type { Db } from '../database/db.ts';
import type { Scope } from '../database/scope.ts';
import { tableOf } from '../database/tables.ts';
import { certify, noteDeletion } from '../deletion/certificate.ts';
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
 * Deletes every row, file and backup of a tenant, looks whether anything is left, and signs the certificate; taking
 * it up again finds less and ends the same.
 * @throws Problem `state-forbids` where the instance is not to be deleted
 */
export async function purge(
  db: Db,
  open: Open,
  { files: store, staging, backups, settings }: Pick<App, 'files' | 'staging' | 'backups' | 'settings'>,
  instanceId: string,
): Promise<{ rows: number; files: number }> {
  const { tenantId, wanted } = found(
    await db.maybe<{ tenantId: string; wanted: string }>(
      'SELECT tenant_id AS "tenantId", wanted FROM instances WHERE id = $1',
      [instanceId],
    ),
  );
  if (wanted !== 'absent') refuse('state-forbids');
  const tenant = open({ kind: 'tenant', tenantId });
  const countBackups = async () =>
    (await db.one<{ count: number }>('SELECT count(*)::int FROM backups WHERE tenant_id = $1', [tenantId]))
      .count;
  const { statement, signed } = await noteDeletion(db, instanceId, {
    wholeDays: settings.DATABASE_REPLICATION_URL ? settings.BACKUP_WHOLE_KEEP_DAYS : null,
    count: async () => ({
      tenantId,
      tables: await countRows(tenant),
      ...(await countFiles(store, prefixOf(tenantId))),
      backups: await countBackups(),
    }),
  });
  // First of all: only a purged tenant's log may be deleted.
  await db.query(`UPDATE tenants SET state = 'purged', updated_at = now() WHERE id = $1`, [tenantId]);
  const rows = await tenant.transaction(deleteRows);
  const files = await store.removeAll(prefixOf(tenantId));
  await rm(join(staging, tenantId), { recursive: true, force: true });
  if (backups) await deleteBackupsOf({ db: open }, backups, tenantId);
  for (const statementText of FORGET) await db.query(statementText, [tenantId]);
  await record(db, { action: 'instance.purged', target: instanceId, details: { tenantId, rows, files } });
  if (!signed) {
    const left = Object.values(await countRows(tenant)).reduce((sum, count) => sum + count, 0);
    await certify(db, { secret: settings.PAYLOAD_SECRET, publicUrl: settings.PREAU_PUBLIC_URL }, statement, {
      rows: left,
      files: (await countFiles(store, prefixOf(tenantId))).files,
      backups: await countBackups(),
    });
  }
  return { rows, files };
}

/** What the house noted of the tenant's people, or about the platform in words. */
const FORGET = [
  'DELETE FROM mails WHERE tenant_id = $1',
  'DELETE FROM exports WHERE tenant_id = $1',
  // Days of use and cost stay: they are ours to account for, and numbers only.
  ...['meter_minutes', 'meter_levels', 'limit_notices'].map(
    (table) => `DELETE FROM ${table} u USING instances i WHERE i.id = u.instance_id AND i.tenant_id = $1`,
  ),
  'DELETE FROM instance_keys k USING instances i WHERE i.id = k.instance_id AND i.tenant_id = $1',
  `UPDATE operation_steps s SET message = NULL FROM operations o JOIN instances i ON i.id = o.instance_id
   WHERE s.operation_id = o.id AND i.tenant_id = $1`,
  `UPDATE operations o SET error = NULL FROM instances i WHERE i.id = o.instance_id AND i.tenant_id = $1`,
  `UPDATE instances SET name = slug, branding = branding || '{"logo": null}' || jsonb_build_object('name', slug)
   WHERE tenant_id = $1`,
  `UPDATE orders o SET branding = o.branding || '{"logo": null}' FROM instances i
   WHERE i.order_id = o.id AND i.tenant_id = $1`,
  'UPDATE tenants SET name = slug WHERE id = $1',
];

async function countRows(tenant: Db): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { slug } of tenantCollections) {
    const table = tableOf(slug);
    counts[table] = (await tenant.one<{ count: number }>(`SELECT count(*)::int FROM ${table}`)).count;
  }
  return counts;
}

async function countFiles(store: App['files'], prefix: string): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for await (const file of store.list(prefix)) {
    files += 1;
    bytes += file.bytes;
  }
  return { files, bytes };
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
