import type { BodyOf, FieldError, Locale, ResponseOf } from '@preau/contract';
import type { restoreBackup, restoreOwnBackup, restoreTenant } from '@preau/contract/platform/backups';
import type { InstanceOperation } from '@preau/contract/platform/instances';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { accounts, staff } from '../authentication/realm.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller, StaffCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { openOperation } from '../instances/openOperation.ts';
import { confirmationWords } from '../instances/request.ts';

/** Backups need a key and a role. @throws Problem `state-forbids` where they are not set up */
export function requireBackups(app: App): void {
  if (!app.backups) refuse('state-forbids');
}

/** Of a platform that is not there yet, or not any more, nothing is kept. @throws Problem `state-forbids` */
export function requireKept(lifecycle: string): void {
  if (['requested', 'provisioning', 'purging', 'purged'].includes(lifecycle)) refuse('state-forbids');
}

/** Notes a backup that somebody asked for, or answers the one that is under way. */
export async function requestBackup(db: Db, requestedBy: string, instanceId: string): Promise<string> {
  return db.transaction(async (tx) => {
    const { tenantId, lifecycle } = await lockInstance(tx, instanceId);
    requireKept(lifecycle);
    const open = await tx.maybe<{ id: string }>(
      `SELECT id FROM backups WHERE tenant_id = $1 AND state IN ('queued', 'running') AND kind <> 'safety'
         AND moment IS NULL
       ORDER BY created_at LIMIT 1`,
      [tenantId],
    );
    if (open) return open.id;
    const { id } = await tx.one<{ id: string }>(
      `INSERT INTO backups (tenant_id, kind, requested_by) VALUES ($1, 'manual', $2) RETURNING id`,
      [tenantId, requestedBy],
    );
    return id;
  });
}

/** Opens the operation within which a backup is brought back, while the platform is put aside. */
export async function requestRestore(
  db: Db,
  caller: StaffCaller,
  instanceId: string,
  { reason, ...wanted }: BodyOf<typeof restoreBackup>,
  locale: Locale,
): Promise<InstanceOperation> {
  await requireConfirmed(db, staff, caller.sessionId);
  return db.transaction(async (tx) => {
    const { instance, backup } = await confirmed(tx, instanceId, wanted, locale);
    return openRestore(tx, { instance, backup, requestedBy: caller.staff.email, reason });
  });
}

/** The same for the owner, who brings back what was theirs at this very address. */
export async function requestOwnRestore(
  db: Db,
  caller: AccountCaller,
  instanceId: string,
  wanted: BodyOf<typeof restoreOwnBackup>,
  locale: Locale,
): Promise<InstanceOperation> {
  await requireConfirmed(db, accounts, caller.sessionId);
  return db.transaction(async (tx) => {
    const { instance, backup } = await confirmed(tx, instanceId, wanted, locale);
    if (backup.tenantId !== instance.tenantId) refuse('not-found');
    return openRestore(tx, { instance, backup, requestedBy: caller.account.email, reason: '' });
  });
}

/** What is brought back into what, once the subdomain was repeated. */
async function confirmed(
  tx: Db,
  instanceId: string,
  { backupId, confirmation }: { backupId: string; confirmation: string },
  locale: Locale,
): Promise<Pick<Restoring, 'instance' | 'backup'>> {
  const { tenantId, slug, organisationId } = await lockInstance(tx, instanceId);
  const backup = found(
    await tx.maybe<{ tenantId: string; organisationId: string; state: string }>(BACKUP, [backupId]),
  );
  // A copy crosses no customer's border.
  if (backup.organisationId !== organisationId) refuse('not-found');
  if (backup.state !== 'succeeded') refuse('state-forbids');
  if (confirmation.trim().toLowerCase() !== slug) {
    const errors: FieldError[] = [{ path: 'confirmation', message: confirmationWords[locale](slug) }];
    refuse('invalid-request', {}, errors);
  }
  return {
    instance: { id: instanceId, tenantId, organisationId },
    backup: { id: backupId, tenantId: backup.tenantId },
  };
}

interface Restoring {
  instance: { id: string; tenantId: string; organisationId: string };
  backup: { id: string; tenantId: string };
  requestedBy: string;
  reason: string;
}

/** Opens the operation that brings a backup back; it is carried out by the operator. */
export async function openRestore(
  tx: Db,
  { instance, backup, requestedBy, reason }: Restoring,
): Promise<InstanceOperation> {
  const operation = await openOperation(tx, { instanceId: instance.id, type: 'restore', requestedBy });
  const kind = backup.tenantId === instance.tenantId ? 'restore' : 'clone';
  await tx.query(
    `INSERT INTO restores (backup_id, tenant_id, kind, operation, requested_by)
     VALUES ($1, $2, $3::enum_restores_kind, $4, $5)`,
    [backup.id, instance.tenantId, kind, operation.id, requestedBy],
  );
  await record(tx, {
    action: 'instance.restore-requested',
    target: instance.id,
    organisationId: instance.organisationId,
    details: { backupId: backup.id, kind },
    ...(reason && { note: reason }),
  });
  return operation;
}

/** The operator's step: starts the restore of its operation, and tells how far it is. */
export async function followRestore(
  app: App,
  db: Db,
  operationId: string,
): Promise<ResponseOf<typeof restoreTenant>> {
  requireBackups(app);
  const { id, ...answer } = found(
    await db.maybe<{ id: string } & ResponseOf<typeof restoreTenant>>(FOLLOW, [operationId]),
  );
  if (answer.state === 'queued') await app.jobs.start({ kind: 'restore', id });
  return answer;
}

interface LockedInstance {
  tenantId: string;
  slug: string;
  lifecycle: string;
  organisationId: string;
}

async function lockInstance(tx: Db, instanceId: string): Promise<LockedInstance> {
  return found(await tx.maybe<LockedInstance & Record<string, unknown>>(LOCK_INSTANCE, [instanceId]));
}

const LOCK_INSTANCE = `
SELECT i.tenant_id AS "tenantId", i.slug, i.lifecycle::text, i.organisation_id AS "organisationId"
FROM instances i WHERE i.id = $1 FOR UPDATE`;
const BACKUP = `
SELECT b.tenant_id AS "tenantId", i.organisation_id AS "organisationId", b.state::text
FROM backups b JOIN instances i ON i.tenant_id = b.tenant_id WHERE b.id = $1`;
const FOLLOW = `
SELECT r.id, r.state::text, r.percent::int, r.error FROM restores r WHERE r.operation = $1`;
