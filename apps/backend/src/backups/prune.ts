import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { backupPrefixOf, storeKey } from '../files/key.ts';
import type { Settings } from '../settings.ts';
import type { Backups } from './place.ts';
import { type Dated, type Kept, outlived } from './retention.ts';
import { readManifest } from './take.ts';

export const keptBy = (settings: Settings): Kept => ({
  daily: settings.BACKUP_KEEP_DAILY,
  weekly: settings.BACKUP_KEEP_WEEKLY,
  monthly: settings.BACKUP_KEEP_MONTHLY,
});

/**
 * Deletes the backups of a tenant whose time is over, then the copies of files that no backup names any more. Only
 * while no other backup of the tenant is being taken: the queue sees to it.
 */
export async function prune(
  app: Pick<App, 'db' | 'settings'>,
  backups: Backups,
  tenantId: string,
  now = new Date(),
): Promise<void> {
  const platform = app.db({ kind: 'platform' });
  const known = await platform.query<Dated & Record<string, unknown>>(
    `SELECT id, kind::text, taken_at AS "takenAt" FROM backups WHERE tenant_id = $1 AND state = 'succeeded'`,
    [tenantId],
  );
  const gone = outlived(known, keptBy(app.settings), now);
  for (const id of gone) await deleteBackup(app, backups, { id, tenantId });
  await dropUnnamed(
    backups,
    tenantId,
    known.map(({ id }) => id).filter((id) => !gone.includes(id)),
  );
}

async function deleteBackup(
  app: Pick<App, 'db'>,
  { store }: Backups,
  { id, tenantId }: { id: string; tenantId: string },
): Promise<void> {
  await store.removeAll(backupPrefixOf(tenantId, id));
  await app.db({ kind: 'platform' }).transaction(async (tx) => {
    await tx.query('DELETE FROM backups WHERE id = $1', [id]);
    await record(tx, { action: 'backup.deleted', target: id, details: { tenantId } });
  });
}

/** @throws where a manifest cannot be read: then nothing is dropped */
async function dropUnnamed(backups: Backups, tenantId: string, kept: readonly string[]): Promise<void> {
  const named = new Set<string>();
  for (const id of kept)
    for (const { copy } of (await readManifest(backups, tenantId, id)).files) named.add(copy);
  const whole = new Set(kept.map((id) => backupPrefixOf(tenantId, id)));
  for await (const { key } of backups.store.list(backupPrefixOf(tenantId))) {
    // Of an attempt that failed, or of a backup that was deleted half.
    const stays = named.has(key) || [...whole].some((prefix) => key.startsWith(prefix));
    if (!stays) await backups.store.remove(storeKey(key));
  }
}

/** Deletes every copy that is kept of a tenant, at once. @returns how many backups there were */
export async function deleteBackupsOf(
  app: Pick<App, 'db'>,
  backups: Backups,
  tenantId: string,
): Promise<number> {
  await backups.store.removeAll(backupPrefixOf(tenantId));
  return app.db({ kind: 'platform' }).transaction(async (tx) => {
    const gone = await tx.query<{ id: string }>('DELETE FROM backups WHERE tenant_id = $1 RETURNING id', [
      tenantId,
    ]);
    for (const { id } of gone)
      await record(tx, { action: 'backup.deleted', target: id, details: { tenantId } });
    return gone.length;
  });
}
