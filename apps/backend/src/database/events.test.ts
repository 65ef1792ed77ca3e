import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../../tools/testDatabase.ts';
import { type Db, openDb } from './db.ts';
import { Notifications, notify } from './events.ts';
import { ScopedPool } from './pool.ts';

let database: TestDatabase;
let pool: ScopedPool;
let db: Db;
let notifications: Notifications;

before(async () => {
  database = await testDatabase();
  pool = new ScopedPool({ platformUrl: database.platformUrl, tenantUrl: database.tenantUrl, size: 2 });
  db = openDb(pool, { kind: 'platform' });
  notifications = new Notifications(database.platformUrl);
  await notifications.start();
});
after(async () => {
  await notifications?.stop();
  await pool?.end();
  await database?.drop();
});

/** The next notification of a kind, or undefined after a while. */
function next(withinMs: number): Promise<Record<string, string> | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(undefined), withinMs);
    const off = notifications.on('preau_work', (payload) => finish(payload));
    const finish = (payload: Record<string, string> | undefined) => {
      clearTimeout(timer);
      off();
      resolve(payload);
    };
  });
}

test('a notification arrives when its transaction commits, and never when it does not', async () => {
  const heard = next(2_000);
  await db.transaction((tx) => notify(tx, 'preau_work', { id: 'kept' }));
  assert.deepEqual(await heard, { id: 'kept' });

  const silence = next(200);
  await db
    .transaction(async (tx) => {
      await notify(tx, 'preau_work', { id: 'undone' });
      throw new Error('on purpose');
    })
    .catch(() => {});
  assert.equal(await silence, undefined);
});

const proven = async () => {
  while (notifications.provenSince() === undefined) await sleep(10);
  return notifications.provenSince() ?? 0;
};

test('a line proves itself, and anew after it broke', async () => {
  const since = await proven();
  const admin = new pg.Client(database.platformUrl);
  await admin.connect();
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'preau-listen' AND datname = current_database()`,
  );
  await admin.end();
  while (notifications.provenSince() !== undefined) await sleep(1);
  const broken = performance.now();
  assert.ok((await proven()) > since && (await proven()) >= broken - 100);
});

test('a line that is not there proves nothing', () => {
  assert.equal(new Notifications(database.platformUrl).provenSince(), undefined);
});

test('listening goes on after the connection broke', async () => {
  const admin = new pg.Client(database.platformUrl);
  await admin.connect();
  await admin.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'preau-listen' AND datname = current_database()`,
  );
  await admin.end();
  let heard: Record<string, string> | undefined;
  for (let attempt = 0; attempt < 20 && !heard; attempt += 1) {
    const waiting = next(250);
    await notify(db, 'preau_work', { id: 'again' });
    heard = await waiting;
  }
  assert.deepEqual(heard, { id: 'again' });
});

test('what failed inside a savepoint is undone, the rest is kept', async () => {
  await db.transaction(async (tx) => {
    await tx.query(`INSERT INTO tenants (slug, name) VALUES ('outer', 'Outer')`);
    await assert.rejects(
      tx.transaction(async (inner) => {
        await inner.query(`INSERT INTO tenants (slug, name) VALUES ('inner', 'Inner')`);
        await inner.query('SELECT 1 / 0');
      }),
      /division by zero/,
    );
  });
  const rows = await db.query<{ slug: string }>('SELECT slug FROM tenants ORDER BY slug');
  assert.deepEqual(rows, [{ slug: 'outer' }]);
});
