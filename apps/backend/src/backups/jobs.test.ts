import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApiProblem, type ProblemType } from '@preau/contract';
import { openOperation } from '../instances/openOperation.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { customer, paidInstance } from '../testing/customer.ts';
import { noteDrill, scheduleBackups } from './schedule.ts';

const named = (name: ProblemType) => (error: unknown) => error instanceof ApiProblem && error.is(name);

describe('backups as jobs', () => {
  let backend: TestBackend;
  let one: TestInstance;
  let other: TestInstance;
  const ended = async (table: 'backups' | 'restores', tenantId: string) => {
    for (;;) {
      const row = await backend.platform.one<{
        id: string;
        state: string;
        error: string | null;
        percent: number;
      }>(
        `SELECT id, state::text, error, percent::int FROM ${table} WHERE tenant_id = $1 ORDER BY created_at DESC LIMIT 1`,
        [tenantId],
      );
      if (row.state === 'succeeded' || row.state === 'failed') return row;
      await sleep(100);
    }
  };

  before(async () => {
    backend = await testBackend();
    one = await backend.instance('une');
    other = await backend.instance('autre');
    await one.signedIn('administrator');
    await other.signedIn('learner');
  });
  after(() => backend.close());

  test('what is due is taken once, by whichever backend looks', async () => {
    await Promise.all([scheduleBackups(backend.app), scheduleBackups(backend.app)]);
    for (const { tenantId } of [one, other]) {
      const { state, percent, error } = await ended('backups', tenantId);
      assert.deepEqual({ state, percent, error }, { state: 'succeeded', percent: 100, error: null });
    }
    await scheduleBackups(backend.app);
    const { count } = await backend.platform.one<{ count: number }>('SELECT count(*)::int FROM backups');
    assert.equal(count, 2);
  });

  test('a drill is noted, carried out and reported', async () => {
    const id = await backend.platform.transaction((tx) => noteDrill(tx, 'test'));
    assert.ok(id);
    await backend.app.jobs.start({ kind: 'restore', id });
    for (;;) {
      const row = await backend.platform.one<{ state: string; result: { differences: string[] } | null }>(
        'SELECT state::text, result FROM restores WHERE id = $1',
        [id],
      );
      if (row.state === 'queued' || row.state === 'running') {
        await sleep(100);
        continue;
      }
      assert.equal(row.state, 'succeeded');
      assert.deepEqual(row.result?.differences, []);
      break;
    }
    const aside = await backend.platform.query(`SELECT id FROM tenants WHERE state = 'aside'`);
    assert.deepEqual(aside, []);
  });

  test('the operator’s step brings a backup back, after what was there has been kept', async () => {
    const { platform, operator } = backend;
    const { id: backupId } = await platform.one<{ id: string }>(
      'SELECT id FROM backups WHERE tenant_id = $1',
      [one.tenantId],
    );
    await one.signedIn('learner');
    const operation = await platform.transaction((tx) =>
      openOperation(tx, { instanceId: one.instanceId, type: 'restore', requestedBy: 'test' }),
    );
    await platform.query(
      `INSERT INTO restores (backup_id, tenant_id, kind, operation, requested_by) VALUES ($1, $2, 'restore', $3, 'test')`,
      [backupId, one.tenantId, operation.id],
    );
    const params = { operationId: operation.id };
    for (;;) {
      const { state, error } = await operator.restoreTenant({ params });
      assert.notEqual(state, 'failed', error ?? '');
      if (state === 'succeeded') break;
      await sleep(100);
    }
    assert.equal((await one.db.query('SELECT id FROM users')).length, 1);
    assert.equal((await other.db.query('SELECT id FROM users')).length, 1);
    const kinds = await platform.query<{ kind: string }>(
      `SELECT kind::text FROM backups WHERE tenant_id = $1 AND state = 'succeeded' ORDER BY created_at`,
      [one.tenantId],
    );
    assert.deepEqual(
      kinds.map(({ kind }) => kind),
      ['scheduled', 'safety'],
    );
    const { action } = await platform.one<{ action: string }>(
      'SELECT action FROM platform_audit_entries ORDER BY seq DESC LIMIT 1',
    );
    assert.equal(action, 'instance.restored');
  });

  test('the owner sees, takes and brings back what is theirs, and nobody else does', async () => {
    const { hub, operator, platform } = backend;
    const owner = await customer(backend, 'proprio');
    const { instanceId } = await paidInstance(backend, owner, 'mienne');
    const params = { instanceId };
    await operator.ensureTenant({ params });
    await platform.query(`UPDATE instances SET lifecycle = 'live' WHERE id = $1`, [instanceId]);
    await platform.query(`UPDATE operations SET state = 'succeeded' WHERE instance_id = $1`, [instanceId]);
    const { session } = owner;
    const { id } = await hub.takeOwnBackup({ session, params });
    for (;;) {
      const { items, enabled, triedAt } = await hub.listOwnBackups({ session, params });
      assert.deepEqual([items.length, enabled, triedAt], [1, true, null]);
      if (items[0]?.state === 'succeeded') break;
      assert.notEqual(items[0]?.state, 'failed');
      await sleep(100);
    }
    const { id: foreign } = await platform.one<{ id: string }>(
      'SELECT id FROM backups WHERE tenant_id = $1',
      [other.tenantId],
    );
    const restored = (backupId: string, confirmation: string, who = session) =>
      hub.restoreOwnBackup({ session: who, params, body: { backupId, confirmation } });
    await assert.rejects(restored(foreign, 'mienne'), named('not-found'));
    await assert.rejects(restored(id, 'autre'), named('invalid-request'));
    const stranger = await customer(backend, 'curieuse');
    await assert.rejects(restored(id, 'mienne', stranger.session), named('not-found'));
    await assert.rejects(hub.listOwnBackups({ session: stranger.session, params }), named('not-found'));
    await assert.rejects(hub.takeOwnBackup({ session: stranger.session, params }), named('not-found'));
    const operation = await restored(id, ' Mienne');
    assert.equal(operation.type, 'restore');
    const { kind, operation: noted } = await platform.one<{ kind: string; operation: string }>(
      'SELECT kind::text, operation FROM restores WHERE backup_id = $1',
      [id],
    );
    assert.deepEqual({ kind, noted }, { kind: 'restore', noted: operation.id });
    await assert.rejects(restored(id, 'mienne'), named('operation-open'));
  });

  test('what cannot be read back becomes an incident, and ends', async () => {
    const { platform, app } = backend;
    const { id } = await platform.one<{ id: string }>(
      `INSERT INTO backups (tenant_id, kind, requested_by) VALUES ($1, 'manual', 'test') RETURNING id`,
      [other.tenantId],
    );
    const { backups } = app;
    assert.ok(backups);
    app.backups = { ...backups, databaseUrl: backups.databaseUrl.replace('preau_backup', 'nobody') };
    try {
      await app.jobs.start({ kind: 'backup', id });
      assert.equal((await ended('backups', other.tenantId)).state, 'failed');
    } finally {
      app.backups = backups;
    }
    const open = await platform.query<{ key: string }>(
      `SELECT key FROM incidents WHERE state = 'open' AND kind = 'backup'`,
    );
    assert.deepEqual(open, [{ key: `backup:${other.tenantId}` }]);
  });
});
