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
import pg from 'pg';
import { z } from 'zod';
import type { Backups } from '../apps/backend/src/backups/place.ts';
import { openRestore } from '../apps/backend/src/backups/request.ts';
import { take } from '../apps/backend/src/backups/take.ts';
import { readInventory } from '../apps/backend/src/backups/whole/inventory.ts';
import { RecoveryError } from '../apps/backend/src/backups/whole/layOut.ts';
import { type Db, openDb } from '../apps/backend/src/database/db.ts';
import { ScopedPool } from '../apps/backend/src/database/pool.ts';
import { bootstrapRoles } from '../apps/backend/src/database/roles.ts';
import type { Scope } from '../apps/backend/src/database/scope.ts';
import { openFileStore } from '../apps/backend/src/files/open.ts';
import { rebuildMachine } from './machine.ts';
import { defaultDataDir } from './paths.ts';
import type { Postgres } from './postgres.ts';
import { recoverServer } from './recover.ts';
import { secrets } from './secrets.ts';
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
    const folder = join(dataDir, 'recovered', at.toISOString().replaceAll(/[^0-9TZ]/g, ''));
    const recovered = await step(`Recovering the server to ${at.toISOString()}`, () =>
      recover(backups, server, at, folder),
    );
    if (!instance) {
      console.log(`\n  It runs beside the living one, in ${folder}:\n  ${recovered.url}\n`);
      return;
    }
    try {
      const backupId = await step(`Keeping ${tenant} as it was`, () =>
        keepMoment(pool, backups, recovered, instance.tenantId, at),
      );
      if (bringBack) {
        await platform.transaction((tx) =>
          openRestore(tx, {
            instance,
            backup: { id: backupId, tenantId: instance.tenantId },
            requestedBy: 'npm run restore',
            reason: `as of ${at.toISOString()}`,
          }),
        );
        console.log('✓ The operator brings it back; what is there now is kept first.');
      } else console.log('✓ It is among the platform’s backups: SuperAdmin brings it back.');
    } finally {
      await recovered.stop();
      rmSync(folder, { recursive: true, force: true });
    }
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

/** Keeps a backup of the tenant, whose rows are read from the recovered server. */
async function keepMoment(
  pool: ScopedPool,
  backups: Backups,
  recovered: Postgres,
  tenantId: string,
  at: Date,
): Promise<string> {
  const { databaseSecret } = await secrets(dataDir);
  const { backupUrl, ownerUrl } = await bootstrapRoles({
    superuserUrl: recovered.url,
    database: 'preau',
    passwordSecret: databaseSecret,
  });
  const db = (scope: Scope) => openDb(pool, scope);
  const platform = db({ kind: 'platform' });
  const files = await tenantFiles();
  const { id } = await platform.one<{ id: string }>(
    `INSERT INTO backups (tenant_id, kind, state, requested_by) VALUES ($1, 'manual', 'running', 'npm run restore')
     RETURNING id`,
    [tenantId],
  );
  try {
    const migration = await lastMigration(ownerUrl);
    const moment = { databaseUrl: backupUrl, at, migration };
    await take({ db, files }, backups, id, async () => {}, moment);
  } catch (error) {
    await platform.query(`DELETE FROM backups WHERE id = $1 AND state <> 'succeeded'`, [id]);
    throw error;
  }
  return id;
}

async function lastMigration(ownerUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: ownerUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      'SELECT name FROM payload_migrations ORDER BY name DESC LIMIT 1',
    );
    return rows[0]?.name ?? '';
  } finally {
    await client.end();
  }
}

const [command, ...rest] = process.argv.slice(2);
await (command === 'machine' ? restoreMachine(rest) : restore(readWanted())).catch(fail);
