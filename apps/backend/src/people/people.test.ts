import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Problem } from '../http/problem.ts';
import { type TestTenants, testTenants, testUser } from '../testing/tenants.ts';
import { updatePerson } from './change.ts';
import { listPeople } from './list.ts';

const refused = (type: string) => (error: unknown) => error instanceof Problem && error.type === type;

describe('people', () => {
  let tenants: TestTenants;
  before(async () => {
    tenants = await testTenants();
  });
  after(() => tenants.close());

  test('are found by name and address, filtered, in pages', async () => {
    const { db } = tenants;
    for (const name of ['Alice', 'Bruno', 'Chloe']) await testUser(db, name, 'learner');
    await testUser(db, 'Denis', 'trainer');
    const page = await listPeople(db, { page: 2, pageSize: 2 });
    assert.deepEqual([page.items.map(({ name }) => name), page.total], [['Chloe', 'Denis'], 4]);
    const trainers = await listPeople(db, { page: 1, pageSize: 25, role: 'trainer' });
    assert.deepEqual(
      trainers.items.map(({ name }) => name),
      ['Denis'],
    );
    const found = await listPeople(db, { page: 1, pageSize: 25, search: 'BRUNO@' });
    assert.equal(found.total, 1);
    assert.equal((await listPeople(tenants.neighbour, { page: 1, pageSize: 25 })).total, 0);
  });

  test('the last administrator stays, even when two remove each other at the same moment', async () => {
    const { db } = tenants;
    const one = await testUser(db, 'Un', 'administrator');
    await assert.rejects(updatePerson(db, one, one.id, { role: 'learner' }), refused('last-owner'));
    await assert.rejects(updatePerson(db, one, one.id, { state: 'disabled' }), refused('last-owner'));
    const two = await testUser(db, 'Deux', 'administrator');
    const tries = await Promise.allSettled([
      updatePerson(db, one, two.id, { state: 'disabled' }),
      updatePerson(db, two, one.id, { role: 'learner' }),
    ]);
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    const { count } = await db.one<{ count: number }>(
      `SELECT count(*)::int AS count FROM users WHERE role = 'administrator' AND status = 'active'`,
    );
    assert.equal(count, 1);
  });

  test('a changed role ends the sessions that had it; a neighbour’s people do not exist', async () => {
    const { db } = tenants;
    const admin = await testUser(db, 'Chef', 'administrator');
    const eve = await testUser(db, 'Eve', 'learner');
    await db.query(
      `INSERT INTO user_sessions (user_id, token_hash, expires_at) VALUES ($1, 'x', now() + interval '1 day')`,
      [eve.id],
    );
    const changed = await updatePerson(db, admin, eve.id, { role: 'trainer' });
    assert.equal(changed.role, 'trainer');
    assert.equal(await db.maybe('SELECT 1 FROM user_sessions WHERE user_id = $1', [eve.id]), undefined);
    const stranger = await testUser(tenants.neighbour, 'Autre', 'learner');
    await assert.rejects(updatePerson(db, admin, stranger.id, { role: 'trainer' }), refused('not-found'));
  });
});
