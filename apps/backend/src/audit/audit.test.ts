import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { type TestDatabase, testDatabase } from '../../../../tools/testDatabase.ts';
import { type Db, openDb } from '../database/db.ts';
import { ScopedPool } from '../database/pool.ts';
import { acting } from './act.ts';
import { readHead } from './anchor.ts';
import { readEntries } from './read.ts';
import { record } from './record.ts';
import { storedEntries } from './stored.ts';
import { verify } from './verify.ts';

const WRITERS = 50;
const PERSON = '0190d8a0-0000-7000-8000-000000000001';
const ALL = { where: 'true', values: [] };

describe('audit logs', () => {
  let database: TestDatabase;
  let pool: ScopedPool;
  let platform: Db;
  /** The superuser: triggers can be switched off, as somebody with the whole server would. */
  let root: pg.Client;

  before(async () => {
    database = await testDatabase();
    pool = new ScopedPool({ platformUrl: database.platformUrl, tenantUrl: database.tenantUrl, size: 10 });
    platform = openDb(pool, { kind: 'platform' });
    root = new pg.Client(database.superuserUrl);
    await root.connect();
  });
  after(async () => {
    await root?.end();
    await pool?.end();
    await database?.drop();
  });

  async function tenant(slug: string): Promise<Db> {
    const { id } = await platform.one<{ id: string }>(
      'INSERT INTO tenants (slug, name) VALUES ($1, $1) RETURNING id',
      [slug],
    );
    return openDb(pool, { kind: 'tenant', tenantId: id });
  }
  async function filled(slug: string, entries: number): Promise<Db> {
    const db = await tenant(slug);
    for (let n = 1; n <= entries; n++)
      await act(() => record(db, { action: 'course.published', target: PERSON, details: { version: n } }));
    return db;
  }
  const act = <T>(work: () => T) =>
    acting(
      {
        actor: { kind: 'user', id: PERSON },
        onBehalfOf: null,
        address: '203.0.113.7',
        requestId: 'request-1',
      },
      work,
    );
  const tenantId = (db: Db) => (db.scope.kind === 'tenant' ? db.scope.tenantId : assert.fail());

  /** What somebody with every right on the server does. */
  async function tamper(sql: string, values: unknown[] = []): Promise<void> {
    await root.query("SET session_replication_role = 'replica'");
    await root.query('ALTER TABLE audit_entries DISABLE TRIGGER ALL');
    try {
      await root.query(sql, values);
    } finally {
      await root.query('ALTER TABLE audit_entries ENABLE TRIGGER ALL');
      await root.query('ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER no_change');
      await root.query('ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER no_truncate');
      await root.query('ALTER TABLE audit_entries ENABLE ALWAYS TRIGGER link');
      await root.query("SET session_replication_role = 'origin'");
    }
  }

  test('an entry says who, what, when, from where; the chain is whole', async () => {
    const db = await filled('entier', 3);
    const { items, total } = await readEntries(db, platform, { page: 1, pageSize: 2 }, ALL);
    assert.equal(total, 3);
    assert.equal(items[0]?.seq, 3);
    assert.deepEqual(items[0]?.details, { version: 3 });
    assert.deepEqual(items[0]?.actor, { kind: 'user', id: PERSON, name: null });
    assert.equal(items[0]?.address, '203.0.113.7');
    assert.equal(items[0]?.requestId, 'request-1');
    const result = await verify(db, []);
    assert.equal(result.intact, true);
    assert.equal(result.entries, 3);
  });

  test('unusual text is hashed alike in SQL and here', async () => {
    const db = await tenant('texte');
    for (const text of ['é « œ » 漢字 😀', 'a"b\\c', 'tab\tline\nbreak\u2028', '', '-'])
      await act(() =>
        record(db, { action: 'course.created', target: text.replace(/\n/g, ''), details: { text } }),
      );
    assert.deepEqual((await verify(db, [])).breach, null);
  });

  test(`${WRITERS} writers at once leave one chain without gaps, in each log`, async () => {
    const one = await tenant('presse');
    const two = await tenant('presse-aussi');
    await Promise.all(
      Array.from({ length: WRITERS }, (_, n) =>
        Promise.all(
          [one, two, platform].map((db) =>
            act(() =>
              db.transaction(async (tx) => {
                await record(tx, {
                  action: db === platform ? 'order.placed' : 'course.created',
                  details: { n },
                });
                await tx.query('SELECT pg_sleep(random() * 0.02)');
              }),
            ),
          ),
        ),
      ),
    );
    for (const db of [one, two, platform]) {
      const result = await verify(db, []);
      assert.equal(result.breach, null);
      assert.equal(result.entries, WRITERS);
    }
  });

  test('what is rolled back was never written; neither is what a savepoint undid', async () => {
    const db = await tenant('retour');
    await assert.rejects(
      db.transaction(async (tx) => {
        await record(tx, { action: 'course.created' });
        throw new Error('no');
      }),
      /no/,
    );
    await db.transaction(async (tx) => {
      await tx
        .transaction(async (inner) => {
          await record(inner, { action: 'course.deleted' });
          throw new Error('no');
        })
        .catch(() => undefined);
      await record(tx, { action: 'course.published' });
    });
    const actions: string[] = [];
    for await (const { action } of storedEntries(db)) actions.push(action);
    assert.deepEqual(actions, ['course.published']);
  });

  test('a chain is not locked while its transaction still works', async () => {
    const db = await tenant('attente');
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const slow = db.transaction(async (tx) => {
      await record(tx, { action: 'course.created' });
      await held;
    });
    await record(db, { action: 'course.deleted' });
    release();
    await slow;
    assert.equal((await verify(db, [])).entries, 2);
  });

  test('a neighbour sees nothing of it', async () => {
    await filled('secret', 1);
    const neighbour = await tenant('curieux');
    assert.equal((await readEntries(neighbour, platform, { page: 1, pageSize: 9 }, ALL)).total, 0);
    assert.equal(await readHead(neighbour), undefined);
  });

  test('nobody of ours can change it: not the serving roles, not the owner, not the superuser by plain SQL', async () => {
    const db = await filled('durable', 1);
    for (const sql of [
      'UPDATE audit_entries SET details = details',
      'DELETE FROM audit_entries',
      'TRUNCATE audit_entries',
      'UPDATE audit_particulars SET data = data',
    ])
      await assert.rejects(db.query(sql), /permission denied/, sql);
    // The chain's row may be deleted by a purge alone.
    await assert.rejects(db.query('DELETE FROM audit_chains'), /append-only/);
    const owner = new pg.Client(database.ownerUrl);
    await owner.connect();
    try {
      await owner.query('BEGIN');
      await owner.query('ALTER TABLE audit_entries NO FORCE ROW LEVEL SECURITY');
      for (const sql of [
        'UPDATE audit_entries SET details = details',
        'DELETE FROM audit_entries',
        'TRUNCATE audit_entries CASCADE',
      ]) {
        await owner.query('SAVEPOINT s');
        await assert.rejects(owner.query(sql), /append-only/, sql);
        await owner.query('ROLLBACK TO s');
      }
    } finally {
      await owner.query('ROLLBACK');
      await owner.end();
    }
    await assert.rejects(root.query('DELETE FROM audit_entries'), /append-only/);
    await root.query("SET session_replication_role = 'replica'");
    await assert.rejects(root.query('UPDATE audit_entries SET details = details'), /append-only/);
    await root.query("SET session_replication_role = 'origin'");
  });

  test('a caller cannot choose number, time or hash', async () => {
    const db = await tenant('faussaire');
    await db.query(
      `INSERT INTO audit_entries (action, actor_kind, details, commitment, seq, hash, previous, at)
       VALUES ('course.created', 'system', '{}', '-', 99, 'x', 'y', '2001-01-01')`,
    );
    const result = await verify(db, []);
    assert.deepEqual([result.intact, result.head?.seq], [true, 1]);
  });

  describe('tampering with every right is found', () => {
    const cases: [string, string, { seq: number; reason: string }][] = [
      [
        'content',
        `UPDATE audit_entries SET details = '{"version":9}' WHERE tenant_id = $1 AND seq = 2`,
        { seq: 2, reason: 'content' },
      ],
      [
        'actor',
        `UPDATE audit_entries SET actor = 'nobody' WHERE tenant_id = $1 AND seq = 3`,
        { seq: 3, reason: 'content' },
      ],
      [
        'time',
        `UPDATE audit_entries SET at = at - interval '1 day' WHERE tenant_id = $1 AND seq = 1`,
        { seq: 1, reason: 'content' },
      ],
      ['missing', 'DELETE FROM audit_entries WHERE tenant_id = $1 AND seq = 2', { seq: 2, reason: 'gap' }],
      ['first', 'DELETE FROM audit_entries WHERE tenant_id = $1 AND seq = 1', { seq: 1, reason: 'gap' }],
      ['tail', 'DELETE FROM audit_entries WHERE tenant_id = $1 AND seq > 2', { seq: 3, reason: 'tail' }],
    ];
    for (const [name, sql, expected] of cases) {
      test(name, async () => {
        const db = await filled(`altere-${name}`, 4);
        const head = await readHead(db);
        assert.ok(head);
        await tamper(sql, [tenantId(db)]);
        assert.deepEqual((await verify(db, [head])).breach, expected);
      });
    }

    test('a chain that was computed anew does not meet its anchor', async () => {
      const db = await filled('recalcule', 2);
      const head = await readHead(db);
      assert.ok(head);
      await tamper('DELETE FROM audit_entries WHERE tenant_id = $1', [tenantId(db)]);
      await record(db, { action: 'course.deleted' });
      await record(db, { action: 'course.deleted' });
      assert.equal((await verify(db, [])).intact, true);
      assert.deepEqual((await verify(db, [head])).breach, { seq: 2, reason: 'anchor' });
    });

    test('other particulars', async () => {
      const db = await filled('adresse', 2);
      await root.query('ALTER TABLE audit_particulars DISABLE TRIGGER ALL');
      await root.query(`UPDATE audit_particulars SET data = '{"address":"1.2.3.4"}' WHERE tenant_id = $1`, [
        tenantId(db),
      ]);
      await root.query('ALTER TABLE audit_particulars ENABLE TRIGGER ALL');
      await root.query('ALTER TABLE audit_particulars ENABLE ALWAYS TRIGGER no_change');
      assert.deepEqual((await verify(db, [])).breach, { seq: 1, reason: 'particulars' });
    });
  });

  test('addresses can be erased, and the chain stays whole', async () => {
    const db = await filled('oubli', 2);
    await db.query('DELETE FROM audit_particulars');
    const result = await verify(db, []);
    assert.deepEqual([result.intact, result.erased], [true, 2]);
    const { items } = await readEntries(db, platform, { page: 1, pageSize: 9 }, ALL);
    assert.equal(items[0]?.address, null);
  });

  test('a purged tenant’s log goes with it, and only then', async () => {
    const db = await filled('parti', 2);
    await platform.query(`UPDATE tenants SET state = 'purged' WHERE id = $1`, [tenantId(db)]);
    await assert.rejects(platform.query(`UPDATE tenants SET state = 'live'`), /stays purged/);
    await db.query('DELETE FROM audit_chains');
    assert.equal((await verify(db, [])).entries, 0);
    const { rows } = await root.query('SELECT 1 FROM audit_particulars WHERE tenant_id = $1', [tenantId(db)]);
    assert.equal(rows.length, 0);
  });
});
