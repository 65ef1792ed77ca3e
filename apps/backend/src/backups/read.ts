import type { ResponseOf } from '@preau/contract';
import type {
  Backup,
  backupOverview,
  listOwnBackups,
  OwnBackup,
  startDrill,
} from '@preau/contract/platform/backups';
import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { presentSpans, readWhole } from './moment.ts';
import { keptBy } from './prune.ts';
import { spansOf, unbroken } from './whole/inventory.ts';

const DRILLS_SHOWN = 12;
const BACKUPS_SHOWN = 100;

/** What SuperAdmin's page of backups shows. */
export async function readOverview(app: App, db: Db): Promise<ResponseOf<typeof backupOverview>> {
  type Overview = ResponseOf<typeof backupOverview>;
  const [{ answer }, whole] = await Promise.all([
    db.one<{ answer: Omit<Overview, 'enabled' | 'kept' | 'whole'> }>(OVERVIEW, [DRILLS_SHOWN]),
    wholeOf(app),
  ]);
  return { enabled: app.backups !== null, kept: keptBy(app.settings), ...answer, whole };
}

/** What the store says of the whole server; nothing of it is in the database, which may be what is lost. */
async function wholeOf(app: App): Promise<ResponseOf<typeof backupOverview>['whole']> {
  const inventory = await readWhole(app);
  return inventory && { moments: presentSpans(spansOf(inventory)), unbroken: unbroken(inventory) };
}

/** The backups of a platform, newest first. */
export async function readBackups(db: Db, instanceId: string): Promise<Backup[]> {
  const { tenantId } = found(
    await db.maybe<{ tenantId: string }>(
      'SELECT i.tenant_id AS "tenantId" FROM instances i WHERE i.id = $1',
      [instanceId],
    ),
  );
  const rows = await db.query<{ item: Backup }>(
    `SELECT ${BACKUP} AS item FROM backups b WHERE b.tenant_id = $1 ORDER BY b.created_at DESC LIMIT $2`,
    [tenantId, BACKUPS_SHOWN],
  );
  return rows.map(({ item }) => item);
}

export async function readBackup(db: Db, backupId: string): Promise<Backup> {
  return (
    await db.one<{ item: Backup }>(`SELECT ${BACKUP} AS item FROM backups b WHERE b.id = $1`, [backupId])
  ).item;
}

/** What a customer sees of their platform's backups: why one failed is for staff, who are told. */
export async function readOwnBackups(
  app: App,
  db: Db,
  instanceId: string,
): Promise<ResponseOf<typeof listOwnBackups>> {
  // What staff are about to take from the log, or could not, says nothing of the backups that are kept.
  const items = (await readBackups(db, instanceId))
    .filter(({ moment, state }) => moment === null || state === 'succeeded')
    .map(ownBackup);
  const { triedAt } = await db.one<{ triedAt: Date | null }>(
    `SELECT max(r.finished_at) AS "triedAt" FROM restores r JOIN instances i ON i.tenant_id = r.tenant_id
     WHERE i.id = $1 AND r.kind = 'drill' AND r.state = 'succeeded'`,
    [instanceId],
  );
  return {
    enabled: app.backups !== null,
    everyHours: app.settings.BACKUP_EVERY_HOURS,
    kept: keptBy(app.settings),
    triedAt: triedAt?.toISOString() ?? null,
    items,
  };
}

export function ownBackup({ error: _, rows: __, addedBytes: ___, failure: ____, ...own }: Backup): OwnBackup {
  return own;
}

export async function readDrill(db: Db, restoreId: string): Promise<ResponseOf<typeof startDrill>> {
  const { item } = await db.one<{ item: ResponseOf<typeof startDrill> }>(
    `SELECT ${DRILL} AS item FROM restores r WHERE r.id = $1`,
    [restoreId],
  );
  return item;
}

const BACKUP = `json_build_object('id', b.id, 'kind', b.kind, 'state', b.state, 'percent', b.percent::int,
  'moment', b.moment, 'failure', b.failure, 'takenAt', b.taken_at, 'rows', b."rows"::int, 'files', b.files::int, 'bytes', b.bytes::bigint,
  'addedBytes', b.added_bytes::bigint, 'error', b.error, 'createdAt', b.created_at)`;
const DRILL = `json_build_object('id', r.id, 'slug', (SELECT t.slug FROM tenants t WHERE t.id = r.tenant_id),
  'state', r.state, 'percent', r.percent::int, 'takenAt', (SELECT b.taken_at FROM backups b WHERE b.id = r.backup_id),
  'result', r.result, 'error', r.error, 'createdAt', r.created_at, 'finishedAt', r.finished_at)`;
const OVERVIEW = `
SELECT json_build_object(
  'platforms', (SELECT coalesce(json_agg(json_build_object('instanceId', i.id, 'slug', i.slug, 'name', i.name,
      'takenAt', newest.taken_at, 'bytes', coalesce(newest.bytes, 0)::bigint, 'backups', counted.number,
      'state', latest.state, 'error', latest.error) ORDER BY newest.taken_at NULLS FIRST, i.slug), '[]')
    FROM instances i
    LEFT JOIN LATERAL (SELECT b.taken_at, b.bytes FROM backups b
      WHERE b.tenant_id = i.tenant_id AND b.state = 'succeeded' ORDER BY b.taken_at DESC LIMIT 1) newest ON true
    LEFT JOIN LATERAL (SELECT b.state, b.error FROM backups b
      WHERE b.tenant_id = i.tenant_id AND b.moment IS NULL ORDER BY b.created_at DESC LIMIT 1) latest ON true
    CROSS JOIN LATERAL (SELECT count(*)::int AS number FROM backups b
      WHERE b.tenant_id = i.tenant_id AND b.state = 'succeeded') counted
    WHERE i.lifecycle IN ('live', 'suspended', 'archived')),
  'addedByDay', (SELECT json_agg(json_build_object('day', day::date, 'bytes', found.bytes, 'backups', found.number,
      'failed', found.failed) ORDER BY day)
    FROM generate_series(current_date - 29, current_date, interval '1 day') AS day
    CROSS JOIN LATERAL (SELECT coalesce(sum(b.added_bytes), 0)::bigint AS bytes,
        (count(*) FILTER (WHERE b.state = 'succeeded'))::int AS number,
        (count(*) FILTER (WHERE b.state = 'failed'))::int AS failed
      FROM backups b WHERE b.created_at >= day AND b.created_at < day + interval '1 day') found),
  'drills', (SELECT coalesce(json_agg(item ORDER BY at DESC), '[]') FROM (SELECT ${DRILL} AS item, r.created_at AS at
    FROM restores r WHERE r.kind = 'drill' ORDER BY r.created_at DESC LIMIT $1) latest)) AS answer`;
