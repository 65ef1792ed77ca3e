import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import type { BodyOf, FieldError, Locale, ResponseOf } from '@preau/contract';
import type { readMoments, takeMoment } from '@preau/contract/platform/backups';
import pg from 'pg';
import type { App } from '../app.ts';
import { record } from '../audit/record.ts';
import { staff } from '../authentication/realm.ts';
import { requireConfirmed } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import type { StaffCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import type { Settings } from '../settings.ts';
import type { Backups } from './place.ts';
import { requireKept } from './request.ts';
import { take } from './take.ts';
import { recoverBeside } from './whole/beside.ts';
import { type Inventory, readInventory, type Span, spansOf } from './whole/inventory.ts';
import { RecoveryError } from './whole/layOut.ts';
import { identify, openReplication } from './whole/replication.ts';

type MomentSettings = Pick<
  Settings,
  'DATA_DIR' | 'DATABASE_REPLICATION_URL' | 'DATABASE_OWNER_URL' | 'DATABASE_PLATFORM_URL' | 'POSTGRES_BIN'
>;

/** Percent of the work that recovering the server counts for; the copy from it is the rest. */
const RECOVERY_SHARE = 60;

const tooEarlyOrLate: Record<Locale, string> = {
  fr: 'Le journal ne permet pas de revenir à ce moment. Choisissez-en un parmi ceux qui sont indiqués.',
  en: 'The log does not lead back to that moment. Choose one of those that are shown.',
};

/** What the store holds of the server that the log is received from. */
async function inventoryOf(backups: Backups, replicationUrl: string): Promise<Inventory> {
  const client = await openReplication(replicationUrl);
  try {
    return await readInventory(backups, (await identify(client)).system);
  } finally {
    await client.end();
  }
}

/** What is kept of the whole server; null where its log is not kept. */
export async function readWhole({
  backups,
  settings: { DATABASE_REPLICATION_URL },
}: Pick<App, 'backups' | 'settings'>): Promise<Inventory | null> {
  return backups && DATABASE_REPLICATION_URL ? inventoryOf(backups, DATABASE_REPLICATION_URL) : null;
}

/** Which moments one platform can be taken from: those since it exists. */
export async function momentsOf(
  app: Pick<App, 'backups' | 'settings'>,
  db: Db,
  instanceId: string,
): Promise<ResponseOf<typeof readMoments>> {
  const { createdAt } = await readInstance(db, instanceId);
  if (!app.backups) return { state: 'off', moments: [] };
  const inventory = await readWhole(app);
  if (!inventory) return { state: 'no-log', moments: [] };
  const there = await hasPrograms(app.settings.POSTGRES_BIN);
  const moments = presentSpans(since(spansOf(inventory), createdAt));
  return { state: there ? 'ready' : 'no-programs', moments };
}

/** As pages show them, newest first. */
export const presentSpans = (spans: readonly Span[]): { from: string; until: string }[] =>
  spans.map(({ from, until }) => ({ from: from.toISOString(), until: until.toISOString() })).reverse();

const since = (spans: readonly Span[], begin: Date): Span[] =>
  spans
    .filter(({ until }) => until > begin)
    .map(({ from, until }) => ({ from: from > begin ? from : begin, until }));

async function hasPrograms(folder: string | undefined): Promise<boolean> {
  if (!folder) return false;
  return access(join(folder, 'postgres'), constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** Notes that a platform is to be kept as it was at a moment, or answers the work that is under way. */
export async function requestMoment(
  app: Pick<App, 'backups' | 'settings'>,
  db: Db,
  caller: StaffCaller,
  instanceId: string,
  { at, reason }: BodyOf<typeof takeMoment>,
  locale: Locale,
): Promise<string> {
  await requireConfirmed(db, staff, caller.sessionId);
  const { state, moments } = await momentsOf(app, db, instanceId);
  if (state !== 'ready') refuse('state-forbids');
  const moment = new Date(at);
  if (!moments.some(({ from, until }) => new Date(from) <= moment && moment <= new Date(until))) {
    const errors: FieldError[] = [{ path: 'at', message: tooEarlyOrLate[locale] }];
    refuse('invalid-request', {}, errors);
  }
  return db.transaction(async (tx) => {
    const { tenantId, organisationId, lifecycle } = await readInstance(tx, instanceId, 'FOR UPDATE');
    requireKept(lifecycle);
    const open = await tx.maybe<{ id: string }>(
      `SELECT id FROM backups WHERE tenant_id = $1 AND state IN ('queued', 'running') AND moment IS NOT NULL
       ORDER BY created_at LIMIT 1`,
      [tenantId],
    );
    if (open) return open.id;
    const { id } = await noteMoment(tx, tenantId, moment, caller.staff.email);
    await record(tx, {
      action: 'backup.moment-requested',
      target: instanceId,
      organisationId,
      details: { backupId: id, at: moment.toISOString() },
      note: reason,
    });
    return id;
  });
}

/** A backup of the tenant that is yet to be taken, as of a moment. */
export const noteMoment = (
  tx: Db,
  tenantId: string,
  at: Date,
  requestedBy: string,
  state: 'queued' | 'running' = 'queued',
) =>
  tx.one<{ id: string }>(
    `INSERT INTO backups (tenant_id, kind, moment, requested_by, state)
     VALUES ($1, 'manual', $2, $3, $4::enum_backups_state) RETURNING id`,
    [tenantId, at, requestedBy, state],
  );

/**
 * Keeps a tenant as it was at the moment of its row: the whole server is recovered beside the living one, which is
 * not touched, the tenant's rows are read from there, and it goes again. Running it anew ends the same.
 * @throws RecoveryError where nothing leads to the moment
 */
export async function carryOutMoment(
  app: Pick<App, 'db' | 'files'> & { settings: MomentSettings },
  backups: Backups,
  { id, tenantId, moment }: { id: string; tenantId: string; moment: Date },
  progress: (percent: number) => Promise<void>,
): Promise<void> {
  const { settings } = app;
  const { DATABASE_REPLICATION_URL, POSTGRES_BIN, DATA_DIR } = settings;
  const platform = app.db({ kind: 'platform' });
  try {
    if (!DATABASE_REPLICATION_URL || !POSTGRES_BIN)
      throw new RecoveryError('DATABASE_REPLICATION_URL or POSTGRES_BIN is not set.', 'server');
    const inventory = await inventoryOf(backups, DATABASE_REPLICATION_URL);
    const beside = await recoverBeside(
      backups,
      inventory,
      { at: moment, folder: join(DATA_DIR, 'moments'), programs: POSTGRES_BIN },
      told(progress),
    );
    try {
      await requireTenant(beside.at(settings.DATABASE_PLATFORM_URL), tenantId);
      const recovered = {
        databaseUrl: beside.at(backups.databaseUrl),
        at: moment,
        migration: await lastMigration(beside.at(settings.DATABASE_OWNER_URL)),
      };
      await take(
        app,
        backups,
        id,
        (percent) => progress(Math.round(RECOVERY_SHARE + (percent * (100 - RECOVERY_SHARE)) / 100)),
        recovered,
      );
    } finally {
      await beside.stop();
    }
  } catch (error) {
    if (error instanceof RecoveryError)
      await platform.query('UPDATE backups SET failure = $2 WHERE id = $1', [id, error.failure]);
    throw error;
  }
}

/** Tells each percent once; a percent that is not noted is no failure of the work. */
function told(progress: (percent: number) => Promise<void>): (share: number) => void {
  let last = 0;
  return (share) => {
    const percent = Math.floor(share * RECOVERY_SHARE);
    if (percent === last) return;
    last = percent;
    progress(percent).catch(() => {});
  };
}

/** Nothing may be brought back of a platform that was not there. */
async function requireTenant(url: string, tenantId: string): Promise<void> {
  const there = await askOnce(url, `SELECT 1 FROM tenants WHERE id = $1 AND state <> 'purged'`, [tenantId]);
  if (there.length === 0) throw new RecoveryError('The platform was not there at that moment.', 'platform');
}

async function lastMigration(url: string): Promise<string> {
  const [newest] = await askOnce(url, 'SELECT name FROM payload_migrations ORDER BY name DESC LIMIT 1', []);
  return String(newest?.name ?? '');
}

async function askOnce(url: string, text: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, application_name: 'preau-moment' });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

interface OfInstance extends Record<string, unknown> {
  tenantId: string;
  organisationId: string;
  lifecycle: string;
  createdAt: Date;
}

const readInstance = async (db: Db, instanceId: string, lock: 'FOR UPDATE' | '' = ''): Promise<OfInstance> =>
  found(
    await db.maybe<OfInstance>(
      `SELECT i.tenant_id AS "tenantId", i.organisation_id AS "organisationId", i.lifecycle::text,
         i.created_at AS "createdAt"
       FROM instances i WHERE i.id = $1 ${lock}`,
      [instanceId],
    ),
  );
