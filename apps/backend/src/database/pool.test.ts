import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { builtInRoles } from '@preau/contract';
import { BasePayload, type Payload } from 'payload';
import { type TestDatabase, testDatabase } from '../../../../tools/testDatabase.ts';
import { asCaller } from '../http/signedIn.ts';
import { payloadConfig } from '../payload.config.ts';
import { type PgBouncer, pgBouncerInstalled, startPgBouncer } from '../testing/pgbouncer.ts';
import { openDb } from './db.ts';
import { type Binding, ScopedPool } from './pool.ts';
import { inScope } from './scope.ts';

const TENANTS = 200;
const AT_ONCE = 40;
const POOL_SIZE = 10;
const ROUNDS = 1_600;

type Addresses = Pick<TestDatabase, 'platformUrl' | 'tenantUrl'>;

let database: TestDatabase;
const tenants: string[] = [];

before(async () => {
  database = await testDatabase();
  const pool = poolOf('session');
  const platform = openDb(pool, { kind: 'platform' });
  const rows = await platform.query<{ id: string }>(
    `INSERT INTO tenants (slug, name) SELECT 't' || n, 'Tenant ' || n FROM generate_series(1, $1::int) n RETURNING id`,
    [TENANTS],
  );
  for (const { id } of rows) {
    tenants.push(id);
    await openDb(pool, { kind: 'tenant', tenantId: id }).query(
      `INSERT INTO courses (slug, title) SELECT 'c' || n, $1 FROM generate_series(1, 5) n`,
      [id],
    );
  }
  await pool.end();
});
after(() => database?.drop());

function poolOf(binding: Binding, { platformUrl, tenantUrl } = database as Addresses): ScopedPool {
  return new ScopedPool({ platformUrl, tenantUrl, size: POOL_SIZE, binding });
}

/** Runs a task for tenants drawn at random, many at once. @returns how many answers held a foreign row */
async function storm(rounds: number, task: (tenantId: string) => Promise<string[]>): Promise<number> {
  let left = rounds;
  let wrong = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      while (left > 0) {
        left -= 1;
        const tenantId = tenants[Math.floor(Math.random() * tenants.length)] ?? '';
        const seen = await task(tenantId);
        if (seen.length !== 5 || seen.some((title) => title !== tenantId)) wrong += 1;
      }
    }),
  );
  return wrong;
}

for (const { binding, bouncer } of [
  { binding: 'session', bouncer: false },
  { binding: 'transaction', bouncer: false },
  { binding: 'transaction', bouncer: true },
] as const) {
  const title = `${AT_ONCE} at once over ${POOL_SIZE} connections, ${TENANTS} tenants, bound by ${binding}`;
  const skip = bouncer && !pgBouncerInstalled && 'PgBouncer is not installed (Debian: pgbouncer)';
  describe(bouncer ? `${title}, behind PgBouncer with 3 sessions` : title, { skip }, () => {
    let pool: ScopedPool;
    let running: PgBouncer | undefined;
    before(async () => {
      // Far fewer sessions than connections: each is used by many tenants in turn.
      running = bouncer ? await startPgBouncer(database, 3) : undefined;
      pool = poolOf(binding, running);
    });
    after(async () => {
      await pool.end();
      await running?.stop();
    });

    test('SQL without a WHERE sees its own tenant only', async () => {
      const wrong = await storm(ROUNDS, async (tenantId) => {
        const rows = await openDb(pool, { kind: 'tenant', tenantId }).query<{ title: string }>(
          'SELECT title FROM courses',
        );
        return rows.map(({ title }) => title);
      });
      assert.equal(wrong, 0);
    });

    test('so does the pool as Payload uses it', async () => {
      const wrong = await storm(ROUNDS, (tenantId) =>
        inScope({ kind: 'tenant', tenantId }, async () => {
          const { rows } = await pool.query('SELECT title FROM courses');
          return rows.map(({ title }) => String(title));
        }),
      );
      assert.equal(wrong, 0);
    });

    test('so do transactions, also after others rolled back', async () => {
      const wrong = await storm(ROUNDS / 4, (tenantId) => {
        const db = openDb(pool, { kind: 'tenant', tenantId });
        const read = async (fails: boolean) => {
          const titles: string[] = [];
          await db
            .transaction(async (tx) => {
              await tx.query("UPDATE courses SET summary = summary || '.'");
              for (const { title } of await tx.query<{ title: string }>('SELECT title FROM courses')) {
                titles.push(title);
              }
              if (fails) throw new Error('on purpose');
            })
            .catch(() => {});
          return titles;
        };
        return read(Math.random() < 0.5);
      });
      assert.equal(wrong, 0);
    });

    test('a connection keeps no tenant, after what succeeded and after what failed', async () => {
      const [mine = '', other = ''] = tenants;
      const one = new ScopedPool({ ...(running ?? database), size: 1, binding });
      const db = openDb(one, { kind: 'tenant', tenantId: mine });
      const leftover = () =>
        inScope({ kind: 'tenant', tenantId: other }, async () => {
          const client = await one.connect();
          // Payload binds where a transaction begins: before that the session shows what was left there.
          const { rows } = await client.query('SELECT title FROM courses');
          client.release();
          return rows.length;
        });
      assert.equal((await db.query('SELECT title FROM courses')).length, 5);
      assert.equal(await leftover(), 0);
      await assert.rejects(db.query('SELECT 1 / $1::int', [0]), /division by zero/);
      await assert.rejects(db.query('SELECT nothing FROM courses'), /does not exist/);
      await assert.rejects(db.query('SELECT nothing FROM courses'), /column "nothing" does not exist/);
      assert.equal(await leftover(), 0);
      assert.equal((await db.query('SELECT title FROM courses')).length, 5);
      await one.end();
    });

    test('outside of a scope there are no rows at all', async () => {
      await assert.rejects(async () => pool.query('SELECT * FROM courses'), /outside of any scope/);
      await assert.rejects(() => pool.connect(), /outside of any scope/);
      await assert.rejects(
        openDb(pool, { kind: 'platform' }).query('SELECT * FROM courses'),
        /permission denied/,
      );
    });

    test('a row cannot be written for, or moved or pointed to another tenant', async () => {
      const [mine = '', other = ''] = tenants;
      const db = openDb(pool, { kind: 'tenant', tenantId: mine });
      const foreign = await openDb(pool, { kind: 'tenant', tenantId: other }).one<{ id: string }>(
        'SELECT id FROM courses LIMIT 1',
      );
      await assert.rejects(
        db.query(`INSERT INTO courses (tenant_id, slug, title) VALUES ($1, 'x', 'x')`, [other]),
        /row-level security/,
      );
      await assert.rejects(db.query('UPDATE courses SET tenant_id = $1', [other]), /row-level security/);
      await assert.rejects(
        db.query('INSERT INTO course_versions (course_id, number, title) VALUES ($1, 1, $2)', [
          foreign.id,
          'x',
        ]),
        /foreign key/,
      );
      assert.deepEqual(await db.query('DELETE FROM courses WHERE id = $1 RETURNING id', [foreign.id]), []);
    });

    test('Payload itself sees its caller’s tenant only', async () => {
      const payload = await startPayload(pool);
      const wrong = await storm(ROUNDS / 4, (tenantId) => inTenant(tenantId, () => titles(payload)));
      assert.equal(wrong, 0);
      const [mine = '', other = ''] = tenants;
      const asked = await inTenant(mine, () =>
        payload.find({ collection: 'courses', where: { tenant: { equals: other } }, depth: 0 }),
      );
      assert.equal(asked.totalDocs, 0);
    });
  });
}

test('a statement whose binding fails is not carried out, and its connection is given up', async () => {
  const [mine = ''] = tenants;
  const one = new ScopedPool({ ...database, size: 1 });
  const db = openDb(one, { kind: 'tenant', tenantId: mine });
  await db.query('DEALLOCATE ALL');
  await assert.rejects(db.query(`INSERT INTO courses (slug, title) VALUES ('x', 'x')`), /"bind-tenant"/);
  assert.equal((await db.query('SELECT title FROM courses')).length, 5);
  await one.end();
});

test('a statement that a session keeps answers the same kind of rows each time, none at first or none of any kind', async () => {
  const [mine = ''] = tenants;
  const one = new ScopedPool({ ...database, size: 1 });
  const db = openDb(one, { kind: 'tenant', tenantId: mine });
  const found = (slug: string) =>
    db.query('SELECT slug, created_at AS "createdAt", 1.5::float8 AS n FROM courses WHERE slug = $1', [slug]);
  assert.deepEqual(await found('none'), []);
  for (const slug of ['c1', 'c2']) {
    const [row] = await found(slug);
    assert.deepEqual(
      { ...row, createdAt: row?.createdAt instanceof Date },
      { slug, createdAt: true, n: 1.5 },
    );
  }
  for (const title of [mine, mine])
    assert.deepEqual(await db.query('UPDATE courses SET title = $1', [title]), []);
  await one.end();
});

async function startPayload(pool: ScopedPool): Promise<Payload> {
  return inScope({ kind: 'platform' }, async () => {
    const config = await payloadConfig({ pool, secret: 'x'.repeat(32) });
    return new BasePayload().init({ config, disableOnInit: true });
  });
}

/** As a request of that tenant's administrator. */
function inTenant<T>(tenantId: string, work: () => Promise<T>): Promise<T> {
  const user = {
    id: tenantId,
    email: 'a@b.test',
    name: 'A',
    role: 'administrator',
    grants: builtInRoles.administrator,
    locale: 'fr',
    customRole: null,
    hasPassword: true,
    factorDue: null,
  } as const;
  const caller = {
    kind: 'user',
    tenantId,
    instanceId: tenantId,
    release: 'r',
    sessionId: tenantId,
    user,
  } as const;
  return inScope({ kind: 'tenant', tenantId }, () => asCaller(caller, async () => [], work));
}

async function titles(payload: Payload): Promise<string[]> {
  const { docs } = await payload.find({ collection: 'courses', depth: 0, limit: 0 });
  return docs.map((course) => String((course as { title?: unknown }).title));
}
