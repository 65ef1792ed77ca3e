import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { closeIncidentOf, openIncident } from '../incidents/report.ts';
import { RestoreError } from './bringBack.ts';
import { tryBackup } from './drill.ts';
import { carryOutMoment } from './moment.ts';
import type { Backups } from './place.ts';
import { deleteBackupsOf, prune } from './prune.ts';
import { restore } from './restore.ts';
import { take } from './take.ts';

interface Place {
  app: Pick<App, 'db' | 'files' | 'log' | 'settings'>;
  backups: Backups | null;
}
type Progress = (percent: number) => Promise<void>;

/** @throws RestoreError where backups are not set up */
function required(backups: Backups | null): Backups {
  if (!backups)
    throw new RestoreError('Backups are not set up: BACKUP_KEYS or DATABASE_BACKUP_URL is missing.');
  return backups;
}

const incidentKey = (tenantId: string) => `backup:${tenantId}`;

/** The work of a row of `backups`. A tenant that cannot be backed up becomes an incident. */
export async function carryOutBackup(
  { app, backups }: Place,
  backupId: string,
  progress: Progress,
): Promise<void> {
  const platform = app.db({ kind: 'platform' });
  const row = await platform.maybe<{
    tenantId: string;
    state: string;
    slug: string;
    moment: Date | null;
    instanceId: string | null;
  }>(READ_BACKUP, [backupId]);
  if (!row || row.state === 'succeeded' || row.state === 'failed') return;
  const { tenantId, slug, instanceId, moment } = row;
  try {
    const place = required(backups);
    if (moment) await carryOutMoment(app, place, { id: backupId, tenantId, moment }, progress);
    else await take(app, place, backupId, progress);
  } catch (error) {
    // With its tenant: what was copied meanwhile must go too.
    if (await platform.maybe(`SELECT 1 FROM tenants WHERE id = $1 AND state = 'purged'`, [tenantId])) {
      await deleteBackupsOf(app, required(backups), tenantId);
      return;
    }
    // Whoever asked for a moment looks on; what is kept every day is as it was.
    if (moment) throw error;
    await openIncident(platform, {
      key: incidentKey(tenantId),
      instanceId,
      kind: 'backup',
      severity: 'critical',
      title: `${slug} could not be backed up: ${error instanceof Error ? error.message : ''}`.slice(0, 300),
    });
    throw error;
  }
  if (moment) return;
  await closeIncidentOf(platform, incidentKey(tenantId));
  await prune(app, required(backups), tenantId).catch((err: unknown) =>
    app.log.warn({ err, tenantId }, 'backups were not pruned'),
  );
}

interface RestoreRow {
  kind: 'restore' | 'clone' | 'drill';
  state: string;
  tenantId: string;
  backupId: string | null;
  backupTenantId: string | null;
  safetyBackupId: string | null;
  instanceId: string | null;
  slug: string;
  [column: string]: unknown;
}

const DRILL_INCIDENT = 'backup-drill';

/** The work of a row of `restores`. */
export async function carryOutRestore(
  { app, backups }: { app: Pick<App, 'db' | 'files'>; backups: Backups | null },
  restoreId: string,
  progress: Progress,
): Promise<void> {
  const platform = app.db({ kind: 'platform' });
  const row = await platform.maybe<RestoreRow>(READ_RESTORE, [restoreId]);
  if (!row || row.state === 'succeeded' || row.state === 'failed') return;
  const place = required(backups);
  if (!row.backupId || !row.backupTenantId) throw new RestoreError('The backup has been deleted meanwhile.');
  const backup = { id: row.backupId, tenantId: row.backupTenantId };
  if (row.kind === 'drill') return carryOutDrill(app, place, restoreId, { ...row, backup }, progress);

  const safety = row.safetyBackupId ?? (await noteSafetyBackup(platform, restoreId, row.tenantId));
  const taken = await platform.one<{ done: boolean }>(
    `SELECT state = 'succeeded' AS done FROM backups WHERE id = $1`,
    [safety],
  );
  if (!taken.done) await take(app, place, safety, (percent) => progress(Math.round(percent * 0.4)));
  await restore(app, place, { id: restoreId, tenantId: row.tenantId, backup }, (percent) =>
    progress(Math.round(40 + percent * 0.6)),
  );
  await platform.transaction(async (tx) => {
    await tx.query(RESTORED, [restoreId, null]);
    await record(tx, {
      action: 'instance.restored',
      target: row.instanceId,
      details: { kind: row.kind, backupId: backup.id, safetyBackupId: safety },
    });
  });
}

async function carryOutDrill(
  app: Pick<App, 'db'>,
  place: Backups,
  restoreId: string,
  {
    backup,
    slug,
    instanceId,
  }: { backup: { id: string; tenantId: string }; slug: string; instanceId: string | null },
  progress: Progress,
): Promise<void> {
  const platform = app.db({ kind: 'platform' });
  const fail = (why: string) =>
    openIncident(platform, {
      key: DRILL_INCIDENT,
      instanceId,
      kind: 'backup-drill',
      severity: 'critical',
      title: `The backup of ${slug} did not come back whole: ${why}`.slice(0, 300),
    });
  try {
    const result = await tryBackup(app, place, backup, progress);
    if (result.differences.length > 0) {
      await platform.query(`UPDATE restores SET result = $2, updated_at = now() WHERE id = $1`, [
        restoreId,
        JSON.stringify(result),
      ]);
      throw new RestoreError(`Not as it was kept: ${result.differences.join(', ')}`);
    }
    await platform.transaction(async (tx) => {
      await tx.query(RESTORED, [restoreId, JSON.stringify(result)]);
      await record(tx, {
        action: 'backup.drilled',
        target: backup.id,
        details: { tenantId: backup.tenantId, rows: result.rows, files: result.files },
      });
      await closeIncidentOf(tx, DRILL_INCIDENT);
    });
  } catch (error) {
    await fail(error instanceof Error ? error.message : String(error));
    throw error;
  }
}

/** What the tenant is now is kept before it becomes what it was. */
async function noteSafetyBackup(platform: Db, restoreId: string, tenantId: string): Promise<string> {
  return platform.transaction(async (tx) => {
    const { id } = await tx.one<{ id: string }>(
      `INSERT INTO backups (tenant_id, kind, requested_by) VALUES ($1, 'safety', 'backend') RETURNING id`,
      [tenantId],
    );
    await tx.query('UPDATE restores SET safety_backup_id = $2 WHERE id = $1', [restoreId, id]);
    return id;
  });
}

const READ_BACKUP = `
SELECT b.tenant_id AS "tenantId", b.state::text, b.moment, t.slug,
  (SELECT i.id FROM instances i WHERE i.tenant_id = b.tenant_id) AS "instanceId"
FROM backups b JOIN tenants t ON t.id = b.tenant_id WHERE b.id = $1`;
const READ_RESTORE = `
SELECT r.kind::text, r.state::text, r.tenant_id AS "tenantId", r.backup_id AS "backupId",
  b.tenant_id AS "backupTenantId", r.safety_backup_id AS "safetyBackupId", t.slug,
  (SELECT i.id FROM instances i WHERE i.tenant_id = r.tenant_id) AS "instanceId"
FROM restores r JOIN tenants t ON t.id = r.tenant_id LEFT JOIN backups b ON b.id = r.backup_id WHERE r.id = $1`;
const RESTORED = `
UPDATE restores SET state = 'succeeded', percent = 100, result = $2, error = NULL, finished_at = now(),
  updated_at = now() WHERE id = $1`;
