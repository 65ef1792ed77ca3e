import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../../tools/testDatabase.ts';
import { verify } from '../audit/verify.ts';
import { type Db, openDb } from '../database/db.ts';
import { ScopedPool } from '../database/pool.ts';
import { folderStore } from '../files/folder.ts';
import { randomKey } from '../files/key.ts';
import { readKeyring } from './cipher.ts';
import { take } from './take.ts';

const MAIN = fileURLToPath(new URL('../testing/restoring.ts', import.meta.url));
const key = randomBytes(32).toString('base64url');

let database: TestDatabase;
let pool: ScopedPool;
let platform: Db;
let db: Db;
let folder: string;
let tenantId: string;
let restoreId: string;
const children = new Set<ChildProcess>();

before(async () => {
  database = await testDatabase();
  pool = new ScopedPool({ ...database, size: 3 });
  platform = openDb(pool, { kind: 'platform' });
  folder = await mkdtemp(join(tmpdir(), 'preau-killed-'));
  ({ id: tenantId } = await platform.one<{ id: string }>(
    `INSERT INTO tenants (slug, name) VALUES ('atelier', 'Atelier') RETURNING id`,
  ));
  db = openDb(pool, { kind: 'tenant', tenantId });
  await db.query(`INSERT INTO site_settings (name) VALUES ('Atelier')`);
  await db.query(
    `INSERT INTO users (email, name) SELECT n || '@exemple.test', 'Avant' FROM generate_series(1, 3) n`,
  );
  const files = folderStore(folder);
  const file = randomKey(tenantId, 'packages');
  await files.put(file, { bytes: Buffer.from('kept') });
  const { id: backupId } = await platform.one<{ id: string }>(
    `INSERT INTO backups (tenant_id, kind, requested_by) VALUES ($1, 'manual', 'test') RETURNING id`,
    [tenantId],
  );
  const backups = {
    store: folderStore(join(folder, 'kept')),
    keyring: readKeyring([key]),
    databaseUrl: database.backupUrl,
    staging: folder,
  };
  await take({ db: (scope) => openDb(pool, scope), files }, backups, backupId, async () => {});
  await files.remove(file);
  await db.query(`UPDATE users SET name = 'Après'`);
  ({ id: restoreId } = await platform.one<{ id: string }>(
    `INSERT INTO restores (backup_id, tenant_id, kind, requested_by) VALUES ($1, $2, 'restore', 'test') RETURNING id`,
    [backupId, tenantId],
  ));
});
after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await pool.end();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

function start(): ChildProcess {
  const { platformUrl, tenantUrl, backupUrl } = database;
  const child = spawn(process.execPath, [MAIN, restoreId, platformUrl, tenantUrl, backupUrl, folder, key], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.add(child);
  return child;
}

/** Somebody with every right, in whose way the restore comes to a stop at a place that the test chooses. */
async function holding(statement: string): Promise<{ caught(): Promise<void>; release(): Promise<void> }> {
  const client = new pg.Client(database.superuserUrl);
  await client.connect();
  await client.query('BEGIN');
  await client.query(statement);
  const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  return {
    async caught() {
      const look = new pg.Client(database.superuserUrl);
      await look.connect();
      for (;;) {
        const { rowCount } = await look.query(
          'SELECT 1 FROM pg_stat_activity a WHERE $1::int = ANY (pg_blocking_pids(a.pid))',
          [rows[0]?.pid],
        );
        if (rowCount) break;
        await sleep(10);
      }
      await look.end();
    },
    async release() {
      await client.query('ROLLBACK');
      await client.end();
    },
  };
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

const names = async () =>
  (await db.query<{ name: string }>('SELECT DISTINCT name FROM users')).map(({ name }) => name);
const counted = async () =>
  platform.one<{ safety: number; state: string }>(
    `SELECT (SELECT count(*)::int FROM backups WHERE kind = 'safety') AS safety, r.state::text FROM restores r`,
  );

test('a restore that is killed in each of its parts ends, and nothing of it happens twice', async () => {
  // While what was there is being kept.
  const reading = await holding('LOCK TABLE users IN ACCESS EXCLUSIVE MODE');
  let child = start();
  await reading.caught();
  await killed(child);
  await reading.release();
  assert.deepEqual(await names(), ['Après']);

  // While rows are being replaced: visitors see the former ones.
  const replacing = await holding('LOCK TABLE users IN SHARE MODE');
  child = start();
  await replacing.caught();
  assert.deepEqual(await names(), ['Après']);
  await killed(child);
  await replacing.release();
  assert.deepEqual(await names(), ['Après']);

  // Between the rows, which are there, and the word that they are.
  const again = await holding('LOCK TABLE users IN SHARE MODE');
  child = start();
  await again.caught();
  const telling = await holding('SELECT id FROM restores FOR UPDATE');
  await again.release();
  await telling.caught();
  assert.deepEqual(await names(), ['Avant']);
  await killed(child);
  await telling.release();
  assert.equal((await counted()).state, 'running');
  // Somebody of our staff looked in meanwhile.
  await db.query(`INSERT INTO users (email, name) VALUES ('entre@exemple.test', 'Entre-temps')`);

  child = start();
  const [code] = await once(child, 'exit');
  assert.equal(code, 0);
  assert.deepEqual((await names()).sort(), ['Avant', 'Entre-temps']);
  assert.deepEqual(await counted(), { safety: 1, state: 'succeeded' });
  const told = await db.query(`SELECT 1 FROM audit_entries WHERE action = 'platform.restored'`);
  assert.equal(told.length, 1);
  assert.ok((await verify(db, [])).intact);
  const { acts } = await platform.one<{ acts: number }>(
    `SELECT count(*)::int AS acts FROM platform_audit_entries WHERE action = 'instance.restored'`,
  );
  assert.equal(acts, 1);
});
