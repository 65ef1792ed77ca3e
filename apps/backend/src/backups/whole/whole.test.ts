import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { rebuildMachine } from '../../../../../tools/machine.ts';
import { keepKeys } from '../../../../../tools/machineKeys.ts';
import { type Postgres, postgresPrograms, startPostgres } from '../../../../../tools/postgres.ts';
import type { App } from '../../app.ts';
import { type Db, openDb } from '../../database/db.ts';
import { migrate } from '../../database/migrate.ts';
import { ScopedPool } from '../../database/pool.ts';
import { bootstrapRoles, type DatabaseUrls } from '../../database/roles.ts';
import { folderStore } from '../../files/folder.ts';
import { contentKey, randomKey, storeKey, wholeBaseKey } from '../../files/key.ts';
import { readKeyring } from '../cipher.ts';
import { carryOutMoment, noteMoment } from '../moment.ts';
import type { Backups } from '../place.ts';
import { restore } from '../restore.ts';
import { take } from '../take.ts';
import { takeBase } from './base.ts';
import { chainOf, completeUntil, outlivedWhole, readInventory, spansOf, unbroken } from './inventory.ts';
import { begin, dropSlot, keepWhole } from './keeper.ts';
import { layOut, RecoveryError, tellFullDisk } from './layOut.ts';
import { type Receiver, receiveLog } from './receive.ts';
import { identify, openReplication } from './replication.ts';

const quiet = async () => {};

/** A server of its own, with a server's log: the tests' shared one holds every other test's databases. */
describe('the whole server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'preau-whole-'));
  const secret = { database: 'preau', passwordSecret: 'test' };
  const files = folderStore(join(folder, 'store'));
  let server: Postgres;
  let recovered: Postgres | undefined;
  let urls: DatabaseUrls;
  let replicationUrl = '';
  let pool: ScopedPool;
  let platform: Db;
  let backups: Backups;
  let system = '';
  let receiver: Receiver;

  const receive = async () => {
    const from = await begin(backups, replicationUrl);
    ({ system } = from);
    receiver = await receiveLog(backups, replicationUrl, { ...from, cutMs: 60_000 });
  };
  /** Everything that was written until now is kept. */
  const kept = async () => {
    const client = await openReplication(replicationUrl);
    const { end } = await identify(client);
    await client.end();
    await receiver.flush(end);
  };
  const newTenant = async (slug: string) => {
    const { id } = await platform.one<{ id: string }>(
      'INSERT INTO tenants (slug, name) VALUES ($1, $1) RETURNING id',
      [slug],
    );
    const db = openDb(pool, { kind: 'tenant', tenantId: id });
    await db.query('INSERT INTO site_settings (name) VALUES ($1)', [slug]);
    return { tenantId: id, db };
  };
  const person = (db: Db, name: string) =>
    db.query(`INSERT INTO users (email, name) VALUES ($1 || '@exemple.test', $1)`, [name]);
  const people = async (db: Db) =>
    (await db.query<{ name: string }>('SELECT name FROM users ORDER BY name')).map(({ name }) => name);

  before(async () => {
    chmodSync(folder, 0o755);
    server = await startPostgres({
      dataDir: join(folder, 'living'),
      fast: true,
      settings: { synchronous_commit: 'on' },
    });
    urls = await bootstrapRoles({ superuserUrl: server.url, ...secret });
    assert.ok(urls.replicationUrl);
    replicationUrl = urls.replicationUrl;
    await migrate(urls.ownerUrl, () => {});
    pool = new ScopedPool({ ...urls, size: 3 });
    platform = openDb(pool, { kind: 'platform' });
    const staging = join(folder, 'staging');
    mkdirSync(staging);
    backups = {
      store: folderStore(join(folder, 'kept')),
      keyring: readKeyring([randomBytes(32).toString('base64url')]),
      databaseUrl: urls.backupUrl,
      staging,
    };
  });
  after(async () => {
    await receiver?.stop();
    await pool.end();
    await server.stop();
    await recovered?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('one tenant comes back as it was at a moment, beside the others’ later rows', async () => {
    const school = await newTenant('ecole');
    const museum = await newTenant('musee');
    await person(school.db, 'Ada');
    const file = randomKey(school.tenantId, 'packages');
    await files.put(file, { bytes: Buffer.from('what was taught') });
    const app = { db: (scope: Db['scope']) => openDb(pool, scope), files };
    const note = async () =>
      (
        await platform.one<{ id: string }>(
          `INSERT INTO backups (tenant_id, kind, requested_by) VALUES ($1, 'manual', 'test') RETURNING id`,
          [school.tenantId],
        )
      ).id;
    // What yesterday's backup holds: the file is deleted after the moment.
    await take(app, backups, await note(), quiet);

    await receive();
    await takeBase(backups, replicationUrl);
    await person(school.db, 'Blaise');
    const { at } = await platform.one<{ at: Date }>(
      `SELECT clock_timestamp() + interval '10 ms' AS at, pg_sleep(0.02)`,
    );
    await school.db.query('DELETE FROM users');
    await files.remove(file);
    await museum.db.query('SELECT pg_sleep(1.5)');
    await person(museum.db, 'Camille');
    await kept();
    await receiver.stop();

    const inventory = await readInventory(backups, system);
    assert.ok(unbroken(inventory));
    const [span] = spansOf(inventory);
    assert.ok(span && span.from <= at && at <= span.until);
    const { tenantId } = school;
    // Of an attempt that was killed.
    const moments = join(folder, 'moments');
    mkdirSync(join(moments, 'server-left'), { recursive: true });
    const leftSockets = join(tmpdir(), 'preau-beside-server-left');
    mkdirSync(leftSockets, { recursive: true });
    const settings = {
      DATA_DIR: folder,
      DATABASE_REPLICATION_URL: replicationUrl,
      DATABASE_OWNER_URL: urls.ownerUrl,
      DATABASE_PLATFORM_URL: urls.platformUrl,
      POSTGRES_BIN: await postgresPrograms(join(folder, 'living')),
    };
    const { id: backupId } = await noteMoment(platform, tenantId, at, 'test');
    const told: number[] = [];
    await carryOutMoment(
      { ...app, settings },
      backups,
      { id: backupId, tenantId, moment: at },
      async (percent) => {
        told.push(percent);
      },
    );
    assert.ok(told.some((percent) => percent > 0 && percent < 60));
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
    assert.deepEqual(readdirSync(moments), []);
    assert.ok(!existsSync(leftSockets));
    const row = await platform.one('SELECT state::text, taken_at AS "takenAt" FROM backups WHERE id = $1', [
      backupId,
    ]);
    assert.deepEqual(row, { state: 'succeeded', takenAt: at });
    assert.deepEqual(await people(school.db), []);
    await restore(app, backups, { id: randomUUID(), tenantId, backup: { id: backupId, tenantId } }, quiet);
    assert.deepEqual(await people(school.db), ['Ada', 'Blaise']);
    assert.deepEqual(await people(museum.db), ['Camille']);
    assert.equal((await files.read(file)).toString(), 'what was taught');

    // Of a platform that was not there nothing may be brought back.
    const later = await newTenant('apres');
    const { id: none } = await noteMoment(platform, later.tenantId, at, 'test');
    await assert.rejects(
      carryOutMoment(
        { ...app, settings },
        backups,
        { id: none, tenantId: later.tenantId, moment: at },
        quiet,
      ),
      /was not there/,
    );
    const { failure } = await platform.one('SELECT failure FROM backups WHERE id = $1', [none]);
    assert.equal(failure, 'platform');
  });

  test('a disk that fills up meanwhile is called so', async () => {
    const met = await writeFile('/dev/full', 'x').catch((error: unknown) => error);
    const said = new Error('PostgreSQL did not recover: could not extend file: No space left on device');
    for (const error of [met, said]) {
      const told = tellFullDisk(error);
      assert.ok(told instanceof RecoveryError && told.failure === 'room', String(error));
    }
    const other = new Error('PostgreSQL did not recover');
    assert.equal(tellFullDisk(other), other);
  });

  test('nothing in the store can be read without the key', async () => {
    for await (const { key } of backups.store.list(`whole/${system}/`)) {
      const bytes = await backups.store.read(storeKey(key));
      for (const word of ['exemple.test', 'pg_control', 'preau-whole']) assert.ok(!bytes.includes(word), key);
    }
  });

  test('a receiver that begins again goes on where the last was', async () => {
    await receive();
    await person((await newTenant('lycee')).db, 'Denis');
    await kept();
    // As a killed process: without a word.
    await receiver.stop();
    await receive();
    await platform.query(`UPDATE tenants SET name = 'Lycée' WHERE slug = 'lycee'`);
    await kept();
    const inventory = await readInventory(backups, system);
    assert.ok(unbroken(inventory));
    assert.ok(inventory.pieces.length >= 3);
    assert.equal(spansOf(inventory).length, 1);
  });

  test('a piece that is missing is a gap; moments behind it are refused', async () => {
    const whole = await readInventory(backups, system);
    const [base] = whole.bases;
    assert.ok(base);
    const [first, last] = [chainOf(base, whole.pieces).at(0), whole.pieces.at(-1)];
    assert.ok(first && last && first !== last);
    const torn = { ...whole, pieces: whole.pieces.filter((piece) => piece !== first) };
    const at = completeUntil(last);
    assert.ok(!unbroken(torn));
    await assert.rejects(
      layOut(backups, torn, at, join(folder, 'never')),
      /without a gap until|not kept yet/,
    );
    await assert.rejects(layOut(backups, whole, new Date(0), join(folder, 'never')), /before that moment/);
  });

  test('what no moment needs any more is told: former copies, and the log before what stays', async () => {
    const first = (await readInventory(backups, system)).bases[0];
    assert.ok(first);
    await takeBase(backups, replicationUrl);
    await kept();
    const inventory = await readInventory(backups, system);
    const week = 7 * 86_400_000;
    const now = new Date();
    assert.deepEqual(outlivedWhole(inventory, 7, now).bases, []);
    const gone = outlivedWhole(inventory, 7, new Date(now.getTime() + week));
    assert.deepEqual(
      gone.bases.map(({ id }) => id),
      [first.id],
    );
    const [, stays] = inventory.bases;
    assert.ok(stays);
    const left = inventory.pieces.filter((piece) => !gone.pieces.includes(piece));
    assert.ok(gone.pieces.length > 0);
    assert.deepEqual(chainOf(stays, left), chainOf(stays, inventory.pieces));
  });

  test('the keeper itself tells of a gap and ends it by another copy, and removes what is outlived', async () => {
    await receiver.stop();
    const before = await readInventory(backups, system);
    const [first] = before.bases;
    const torn = before.pieces.at(-2);
    assert.ok(first && torn);
    await backups.store.remove(storeKey(torn.key));
    const settings = { BACKUP_WHOLE_EVERY_HOURS: 24, BACKUP_WHOLE_KEEP_DAYS: 0, BACKUP_WHOLE_CUT_SECONDS: 1 };
    const log = { warn: () => {}, error: (line: unknown) => assert.fail(String(line)) };
    const app = { db: (scope: Db['scope']) => openDb(pool, scope), log, settings } as unknown as App;
    const incidents = async () =>
      (
        await platform.query<{ state: string }>(
          `SELECT state FROM incidents WHERE key = 'backup:whole' ORDER BY created_at`,
        )
      ).map(({ state }) => state);
    const until = async (what: string, done: () => Promise<boolean>) => {
      for (let attempt = 0; !(await done()); attempt += 1) {
        assert.ok(attempt < 300, what);
        await sleep(100);
      }
    };

    const keeper = keepWhole(app, backups, replicationUrl);
    await until('the gap is told', async () => (await incidents()).includes('open'));
    await until(
      'former copies and their log are removed',
      async () => (await backups.store.size(wholeBaseKey(system, first.id, 'data'))) === null,
    );
    await keeper.stop();
    const after = await readInventory(backups, system);
    assert.equal(after.bases.length, 1);
    assert.ok(after.pieces.length < before.pieces.length);

    // The next look finds it whole.
    const next = keepWhole(app, backups, replicationUrl);
    await until('the incident is closed', async () => !(await incidents()).includes('open'));
    await next.stop();
    await dropSlot(replicationUrl);
  });

  test('after the loss of the machine another one is built from the store and the key alone', async () => {
    await receive();
    await takeBase(backups, replicationUrl);
    const school = await platform.one<{ id: string }>(`SELECT id FROM tenants WHERE slug = 'ecole'`);
    const db = openDb(pool, { kind: 'tenant', tenantId: school.id });
    const file = contentKey(school.id, 'ab'.repeat(32));
    await files.put(file, { bytes: Buffer.from('a drawing') });
    const { id } = await platform.one<{ id: string }>(
      `INSERT INTO backups (tenant_id, kind, requested_by) VALUES ($1, 'manual', 'test') RETURNING id`,
      [school.id],
    );
    await take({ db: (scope: Db['scope']) => openDb(pool, scope), files }, backups, id, quiet);
    await person(db, 'Émilie');
    const keys = { 'secrets.json': JSON.stringify({ databaseSecret: 'test', payloadSecret: 'kept' }) };
    mkdirSync(join(folder, 'living/secrets'));
    for (const [name, text] of Object.entries(keys))
      writeFileSync(join(folder, 'living/secrets', name), text);
    await keepKeys(backups, system, join(folder, 'living'));
    await keepKeys(backups, system, join(folder, 'living'));
    await kept();
    await receiver.stop();
    await recovered?.stop();
    await server.stop();

    const dataDir = join(folder, 'another');
    const machine = {
      dataDir,
      files: folderStore(dataDir),
      backupKey: 'the key that was in a safe',
      fast: true,
      step: <T>(_: string, work: (say: () => void) => Promise<T>) => work(() => {}),
    };
    const rebuilt = await rebuildMachine(backups, machine);
    assert.deepEqual(rebuilt.differences, []);
    assert.deepEqual(rebuilt.missing, []);
    assert.equal(rebuilt.tenants, 4);
    assert.ok(rebuilt.rows > 3 && rebuilt.files >= 1);
    assert.equal((await machine.files.read(file)).toString(), 'a drawing');
    const secrets = JSON.parse(readFileSync(join(dataDir, 'secrets/secrets.json'), 'utf8'));
    assert.deepEqual(
      { ...secrets, databaseSecret: 'another' },
      {
        databaseSecret: 'another',
        payloadSecret: 'kept',
        backupKey: 'the key that was in a safe',
      },
    );
    assert.notEqual(secrets.databaseSecret, 'test');
    await assert.rejects(rebuildMachine(backups, machine), /already/);

    recovered = await startPostgres({ dataDir, fast: true });
    const there = new ScopedPool({
      ...(await bootstrapRoles({ superuserUrl: recovered.url, ...secret })),
      size: 1,
    });
    assert.ok((await people(openDb(there, { kind: 'tenant', tenantId: school.id }))).includes('Émilie'));
    await there.end();
  });
});
