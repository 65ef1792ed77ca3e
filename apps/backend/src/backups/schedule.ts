import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { drawBackup } from './drill.ts';

/** Any number, the same in every backend: one of them decides what is due. */
const LOCK = 7_246_010;
/** One that failed is tried again after so long. */
const RETRY_HOURS = 1;

/** Takes the backups that are due, tries one where that is due, and hands on what waits although nobody knows of it. */
export async function scheduleBackups(app: App): Promise<void> {
  if (!app.backups) return;
  const { BACKUP_EVERY_HOURS, DRILL_EVERY_HOURS } = app.settings;
  await app.db({ kind: 'platform' }).transaction(async (tx) => {
    const { mine } = await tx.one<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [LOCK]);
    if (!mine) return;
    await tx.query(DUE, [BACKUP_EVERY_HOURS, RETRY_HOURS]);
    const { due } = await tx.one<{ due: boolean }>(DRILL_DUE, [DRILL_EVERY_HOURS]);
    if (due) await noteDrill(tx, 'backend');
  });
  await startWaiting(app);
}

/** Jobs whose process died before it had handed them on; starting one again changes nothing. */
export async function startWaiting(app: App): Promise<void> {
  const waiting = await app
    .db({ kind: 'platform' })
    .query<{ kind: 'backup' | 'restore' | 'export'; id: string }>(WAITING);
  for (const { kind, id } of waiting) await app.jobs.start({ kind, id });
}

/** Notes a drill of a backup by lot. @returns its id, or undefined where there is nothing to try */
export async function noteDrill(tx: Db, requestedBy: string): Promise<string | undefined> {
  const backup = await drawBackup(tx);
  if (!backup) return undefined;
  const { id } = await tx.one<{ id: string }>(
    `INSERT INTO restores (backup_id, tenant_id, kind, requested_by) VALUES ($1, $2, 'drill', $3) RETURNING id`,
    [backup.id, backup.tenantId, requestedBy],
  );
  return id;
}

const DUE = `
INSERT INTO backups (tenant_id, kind, requested_by)
SELECT t.id, 'scheduled', 'backend' FROM tenants t JOIN instances i ON i.tenant_id = t.id
WHERE t.state NOT IN ('purged', 'aside') AND i.lifecycle IN ('live', 'suspended', 'archived')
  AND NOT EXISTS (SELECT 1 FROM backups b WHERE b.tenant_id = t.id AND b.moment IS NULL AND (b.state IN ('queued', 'running')
    OR (b.state = 'succeeded' AND b.created_at > now() - make_interval(secs => $1::float8 * 3600))
    OR (b.state = 'failed' AND b.created_at > now() - make_interval(hours => $2::int))))`;
const DRILL_DUE = `
SELECT NOT EXISTS (SELECT 1 FROM restores r WHERE r.kind = 'drill'
  AND (r.state IN ('queued', 'running') OR r.created_at > now() - make_interval(secs => $1::float8 * 3600))) AS due`;
/** A restore waits for its operation, which starts it. */
const WAITING = `
SELECT 'backup' AS kind, id FROM backups WHERE state = 'queued' AND kind <> 'safety'
UNION ALL SELECT 'restore', id FROM restores WHERE state = 'queued' AND kind = 'drill'
UNION ALL SELECT 'export', id FROM exports WHERE state = 'queued'`;
