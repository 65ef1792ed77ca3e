/**
 * `npm run restore -- --at TIME`: recovers the whole server, as it was at a moment, beside the living one.
 * `npm run restore -- --at TIME --tenant SUBDOMAIN`: keeps a backup of one platform as it was then, and with
 * `--bring-back` has the operator bring it back beside the living others.
 * `npm run restore -- machine [--at TIME] [--system ID]`: after the loss of a whole machine, builds database, keys and
 * files again in an empty DATA_DIR, from the store alone (BACKUP_DIR or BACKUP_S3_…) and the key that opens it
 * (BACKUP_KEYS).
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { carryOutMoment, noteMoment } from '../apps/backend/src/backups/moment.ts';
import type { Backups } from '../apps/backend/src/backups/place.ts';
import { openRestore } from '../apps/backend/src/backups/request.ts';
import { readInventory } from '../apps/backend/src/backups/whole/inventory.ts';
import { RecoveryError } from '../apps/backend/src/backups/whole/layOut.ts';
import { type Db, openDb } from '../apps/backend/src/database/db.ts';
import { ScopedPool } from '../apps/backend/src/database/pool.ts';
import type { Scope } from '../apps/backend/src/database/scope.ts';
import { openFileStore } from '../apps/backend/src/files/open.ts';
import { rebuildMachine } from './machine.ts';
import { defaultDataDir } from './paths.ts';
import { type Postgres, postgresPrograms } from './postgres.ts';
import { recoverServer } from './recover.ts';
import { findServer, type Server } from './server.ts';
import { fail, Refusal, step } from './terminal.ts';
import { backupsOf, systemOf } from './whole.ts';

const dataDir = defaultDataDir();

interface Wanted {
  at: Date;
  tenant: string | undefined;
  bringBack: boolean;
}

function readWanted(): Wanted {
  const { values } = parseArgs({
    options: {
      at: { type: 'string' },
      tenant: { type: 'string' },
      'bring-back': { type: 'boolean', default: false },
    },
  });
  const at = new Date(values.at ?? '');
  if (Number.isNaN(at.getTime()))
    throw new Refusal('Say to which moment: npm run restore -- --at 2026-11-30T10:15:00+01:00.');
  return { at, tenant: values.tenant, bringBack: values['bring-back'] };
}

/** @throws Refusal where a setting is missing */
async function restoreMachine(args: string[]): Promise<void> {
  const { values } = parseArgs({ args, options: { at: { type: 'string' }, system: { type: 'string' } } });
  const at = values.at === undefined ? undefined : new Date(values.at);
  if (at && Number.isNaN(at.getTime())) throw new Refusal('--at says no moment: 2026-11-30T10:15:00+01:00.');
  const { BACKUP_KEYS, BACKUP_DIR, BACKUP_S3_BUCKET } = process.env;
  const backupKey = BACKUP_KEYS?.split(',')[0];
  if (!backupKey) throw new Refusal('Set BACKUP_KEYS: nothing opens the store without it.');
  if (!BACKUP_DIR && !BACKUP_S3_BUCKET)
    throw new Refusal('Say where the store is: BACKUP_DIR, or BACKUP_S3_BUCKET and what leads to it.');
  // Rows are read by it once the server is there.
  const backups = await backupsOf(dataDir, { backupUrl: 'postgres://127.0.0.1/none' });
  const rebuilt = await rebuildMachine(backups, {
    dataDir,
    files: await tenantFiles(),
    backupKey,
    at,
    system: values.system,
    step,
  });
  const { tenants, rows, files, missing, differences } = rebuilt;
  for (const { slug, files } of missing)
    console.error(`! ${slug}: ${files} files that were added after its last backup are not there`);
  for (const name of differences) console.error(`✗ ${name} is not as it was kept`);
  if (differences.length > 0) process.exitCode = 1;
  console.log(
    `\n  ${tenants} platforms, ${rows} rows, ${files} files, as of ${rebuilt.at.toISOString()}.\n  Start it: DATA_DIR=${dataDir} npm start\n`,
  );
}

const tenantFiles = () =>
  openFileStore({
    ...process.env,
    DATA_DIR: dataDir,
    S3_REGION: process.env.S3_REGION ?? 'eu-west-3',
  });

async function restore({ at, tenant, bringBack }: Wanted): Promise<void> {
  const server = await findServer(dataDir);
  const pool = new ScopedPool({ ...server, size: 2 });
  try {
    const platform = openDb(pool, { kind: 'platform' });
    const instance = tenant === undefined ? undefined : await readInstance(platform, tenant);
    const backups = await backupsOf(dataDir, server);
    if (!instance) {
      const folder = join(dataDir, 'recovered', at.toISOString().replaceAll(/[^0-9TZ]/g, ''));
      const recovered = await step(`Recovering the server to ${at.toISOString()}`, () =>
        recover(backups, server, at, folder),
      );
      console.log(`\n  It runs beside the living one, in ${folder}:\n  ${recovered.url}\n`);
      return;
    }
    const backupId = await step(`Keeping ${tenant} as it was at ${at.toISOString()}`, () =>
      keepMoment(pool, backups, server, instance, at),
    );
    if (!bringBack) {
      console.log('✓ It is among the platform’s backups: SuperAdmin brings it back.');
      return;
    }
    await platform.transaction((tx) =>
      openRestore(tx, {
        instance,
        backup: { id: backupId, tenantId: instance.tenantId },
        requestedBy: 'npm run restore',
        reason: `as of ${at.toISOString()}`,
      }),
    );
    console.log('✓ The operator brings it back; what is there now is kept first.');
  } finally {
    await pool.end();
    await server.leave();
  }
}

async function recover(backups: Backups, server: Server, at: Date, folder: string): Promise<Postgres> {
  const { replicationUrl } = server;
  if (!replicationUrl)
    throw new Refusal('Set DATABASE_REPLICATION_URL: nothing else tells which server it is.');
  const inventory = await readInventory(backups, await systemOf(replicationUrl));
  mkdirSync(join(dataDir, 'recovered'), { recursive: true });
  rmSync(folder, { recursive: true, force: true });
  return recoverServer(backups, inventory, { at, dataDir: folder, password: superuserPassword() }).catch(
    (error: unknown) => {
      throw error instanceof RecoveryError ? new Refusal(error.message) : error;
    },
  );
}

/** The same as the living server's, of which the other is a copy. */
function superuserPassword(): string {
  const { DATABASE_URL } = process.env;
  if (DATABASE_URL) return decodeURIComponent(new URL(DATABASE_URL).password);
  const note: unknown = JSON.parse(readFileSync(join(dataDir, 'postgres/server.json'), 'utf8'));
  return z.object({ password: z.string() }).parse(note).password;
}

interface Instance extends Record<string, unknown> {
  id: string;
  tenantId: string;
  organisationId: string;
}

async function readInstance(platform: Db, slug: string): Promise<Instance> {
  const instance = await platform.maybe<Instance>(
    `SELECT i.id, i.tenant_id AS "tenantId", i.organisation_id AS "organisationId" FROM instances i
     WHERE i.slug = $1 AND i.lifecycle IN ('live', 'suspended')`,
    [slug],
  );
  if (!instance) throw new Refusal(`No platform ${slug} is here.`);
  return instance;
}

/** Keeps a backup of the tenant, whose rows are read from a server that is recovered for it and goes again. */
async function keepMoment(
  pool: ScopedPool,
  backups: Backups,
  server: Server,
  { tenantId }: Instance,
  at: Date,
): Promise<string> {
  const { replicationUrl, ownerUrl, platformUrl } = server;
  if (!ownerUrl) throw new Refusal('Set DATABASE_OWNER_URL: its role reads which schema it was.');
  const db = (scope: Scope) => openDb(pool, scope);
  const platform = db({ kind: 'platform' });
  const settings = {
    DATA_DIR: dataDir,
    DATABASE_REPLICATION_URL: replicationUrl,
    DATABASE_OWNER_URL: ownerUrl,
    DATABASE_PLATFORM_URL: platformUrl,
    POSTGRES_BIN: process.env.POSTGRES_BIN ?? (await postgresPrograms(dataDir)),
  };
  const { id } = await noteMoment(platform, tenantId, at, 'npm run restore', 'running');
  try {
    const app = { db, files: await tenantFiles(), settings };
    await carryOutMoment(app, backups, { id, tenantId, moment: at }, async () => {});
  } catch (error) {
    await platform.query(`DELETE FROM backups WHERE id = $1 AND state <> 'succeeded'`, [id]);
    throw error instanceof RecoveryError ? new Refusal(error.message) : error;
  }
  return id;
}

const [command, ...rest] = process.argv.slice(2);
await (command === 'machine' ? restoreMachine(rest) : restore(readWanted())).catch(fail);
