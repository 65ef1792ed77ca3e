import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, beforeEach, describe, test } from 'node:test';
import { ApiProblem, type ProblemType } from '@preau/contract';
import type { InstanceOperation } from '@preau/contract/platform/instances';
import type { Standing } from '@preau/contract/platform/releases';
import { digestOf, newSecret } from '../http/secret.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { advance } from './advance.ts';

let backend: TestBackend;
let session: string;
before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
  session = newSecret();
  await backend.platform.query(
    `WITH person AS (INSERT INTO staff (email, name, password_hash) VALUES ('staff@exemple.test', 'X', '-') RETURNING id)
     INSERT INTO staff_sessions (staff_member_id, stage, token_hash, expires_at, confirmed_at)
     SELECT id, 'session', $1, now() + interval '1 hour', now() FROM person`,
    [digestOf(session)],
  );
});
after(() => backend.close());

const refused = (name: ProblemType) => (error: unknown) => error instanceof ApiProblem && error.is(name);
const reason = 'une raison';
/** Paris, 3 in the morning: every window that nobody changed is open. */
const NIGHT = Date.parse('2026-12-01T02:00:00Z');
const NOON = Date.parse('2026-12-01T11:00:00Z');

const manifest = (name: string, api = 1) => ({
  digest: createHash('sha256').update(name).digest('hex'),
  minApi: api,
  maxApi: api,
  notes: { fr: 'Du neuf', en: 'News' },
  builtAt: '2026-11-30T08:00:00Z',
  bytes: 1,
});
const publish = (name: string, rollOut = false) =>
  backend.operator.registerRelease({ params: { releaseId: name }, body: { ...manifest(name), rollOut } });
const begin = (name: string, pace: 'rings' | 'at-once' = 'rings', soakMinutes = 0) =>
  backend.hub.startRollout({ session, params: { releaseId: name }, body: { pace, soakMinutes, reason } });
const act = (rolloutId: string, name: 'pause' | 'resume' | 'force' | 'cancel') =>
  backend.hub.steerRollout({ session, params: { rolloutId }, body: { act: name, reason } });

let count = 0;
interface Shape {
  channel?: string;
  power?: string;
  lifecycle?: string;
  maintenance?: unknown;
  pinned?: string;
}
/** A platform that runs `r1`, awake and well. */
async function platform(shape: Shape = {}): Promise<TestInstance & { slug: string }> {
  count += 1;
  const slug = `p${count}`;
  const instance = await backend.instance(slug);
  await backend.platform.query(
    `UPDATE instances SET release = 'r1', target_release = 'r1', health = 'healthy', channel = $2, power = $3,
       lifecycle = $4, maintenance = $5, pinned_release = $6 WHERE id = $1`,
    [
      instance.instanceId,
      shape.channel ?? 'stable',
      shape.power ?? 'awake',
      shape.lifecycle ?? 'live',
      shape.maintenance ? JSON.stringify(shape.maintenance) : null,
      shape.pinned ?? null,
    ],
  );
  return { ...instance, slug };
}

const step = (now = NIGHT, room = 100) => advance(backend.platform, { room }, now);
/** What the operator's workflow does in the end. */
async function end(
  operation: Pick<InstanceOperation, 'id' | 'instanceId' | 'type'>,
  works: boolean,
): Promise<void> {
  const { operator } = backend;
  const params = { instanceId: operation.instanceId };
  const { targetRelease } = await operator.getDesiredInstance({ params });
  if (works && operation.type === 'update')
    await operator.observeInstance({ params, body: { release: targetRelease?.id ?? null } });
  await operator.finishOperation({
    params: { operationId: operation.id },
    body: works
      ? { outcome: 'succeeded', error: null }
      : { outcome: 'rolled_back', error: 'check-page: 500' },
  });
}
/** Updates whoever may be, until nobody may or it ends. */
async function roll(works: (instanceId: string) => boolean = () => true, now = NIGHT): Promise<string[]> {
  const order: string[] = [];
  for (;;) {
    const { opened } = await step(now);
    if (opened.length === 0) return order;
    for (const operation of opened) {
      order.push(operation.instanceId);
      await end(operation, works(operation.instanceId));
    }
  }
}
async function standings(rolloutId: string): Promise<Partial<Record<Standing, number>>> {
  const { rings } = await backend.hub.getRollout({ session, params: { rolloutId } });
  const sum: Partial<Record<Standing, number>> = {};
  for (const { counts } of rings)
    for (const [name, n] of Object.entries(counts) as [Standing, number][])
      if (n) sum[name] = (sum[name] ?? 0) + n;
  return sum;
}
const targetOf = async ({ instanceId }: TestInstance) =>
  (await backend.operator.getDesiredInstance({ params: { instanceId } })).targetRelease?.id;

beforeEach(async () => {
  await backend.platform.query('DELETE FROM rollout_instances');
  await backend.platform.query('DELETE FROM rollouts');
  await backend.platform.query('DELETE FROM releases');
  await backend.platform.query(`UPDATE instances SET lifecycle = 'purged'`);
  await backend.platform.query('DELETE FROM incidents');
  await publish('r1', true);
  await publish('r2');
});

describe('publishing', () => {
  test('the same again changes nothing, other bytes under its name are refused', async () => {
    await publish('r2');
    await assert.rejects(
      backend.operator.registerRelease({
        params: { releaseId: 'r2' },
        body: { ...manifest('r2'), digest: 'f'.repeat(64) },
      }),
      refused('conflict'),
    );
    const { items } = await backend.hub.listReleases({ session });
    assert.deepEqual(
      items.map(({ id, current }) => [id, current]),
      [
        ['r2', false],
        ['r1', true],
      ],
    );
  });

  test('what a machine was started with reaches everybody there at once, and new platforms', async () => {
    const awake = await platform();
    const pinned = await platform({ pinned: 'r1' });
    await publish('r3', true);
    assert.equal(
      await targetOf(awake),
      'r3',
      'also what is not running and the backend does not know it yet',
    );
    assert.equal(await targetOf(pinned), 'r1');
    assert.deepEqual(await roll(undefined, NOON), [awake.instanceId]);
    assert.deepEqual((await step()).rolloutId, null);
    await publish('r3', true);
    assert.deepEqual((await step()).rolloutId, null, 'nothing is left to do');
    const { items } = await backend.hub.listReleases({ session });
    assert.equal(items.find(({ current }) => current)?.id, 'r3');
  });

  test('a release that speaks no version of the API is not rolled out', async () => {
    await backend.operator.registerRelease({ params: { releaseId: 'far' }, body: manifest('far', 99) });
    await assert.rejects(begin('far'), refused('state-forbids'));
  });
});

describe('a roll-out', () => {
  test('goes ring after ring, a twentieth at a time, and watches each', async () => {
    const slow = await platform({ channel: 'slow' });
    const canary = await platform({ channel: 'canary' });
    const internal = await platform({ channel: 'internal' });
    await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(() => platform()));
    const { id } = await begin('r2', 'rings', 10);
    await assert.rejects(begin('r2'), refused('conflict'));
    const rings = [await roll()];
    assert.deepEqual((await step()).opened, [], 'the ring is watched');
    for (let minutes = 11; minutes <= 55; minutes += 11)
      rings.push(await roll(undefined, NIGHT + minutes * 60_000));
    assert.deepEqual(rings[0], [internal.instanceId]);
    assert.deepEqual(rings[1], [canary.instanceId]);
    assert.deepEqual(
      rings.map(({ length }) => length),
      [1, 1, 1, 1, 6, 1],
      '5 % and 25 % of eight, then the others',
    );
    assert.deepEqual(rings[5], [slow.instanceId]);
    const { items } = await backend.hub.listReleases({ session });
    assert.equal(items.find(({ current }) => current)?.id, 'r2', 'everybody in stable runs it');
    assert.equal((await step(NIGHT + 66 * 60_000)).state, 'finished');
    assert.deepEqual(await standings(id), { updated: 11 });
  });

  test('opens no more than there is memory for', async () => {
    await platform();
    await begin('r2');
    assert.deepEqual((await step(NIGHT, 0)).opened, []);
    assert.equal((await step(NIGHT, 1)).opened.length, 1);
    assert.deepEqual((await step(NIGHT, 1)).opened, [], 'one is a twentieth, rounded up');
  });

  test('waits for the maintenance window of each platform, unless it is forced', async () => {
    const nightly = await platform({ channel: 'canary' });
    const daily = await platform({
      channel: 'canary',
      maintenance: { days: [2], from: 11, hours: 2, timeZone: 'Europe/Paris' },
    });
    const { id } = await begin('r2');
    assert.deepEqual(await roll(undefined, NOON), [daily.instanceId]);
    // The detail is read by the clock of this run, which may stand in the house's window.
    const elsewhen = { days: [1, 2, 3, 4, 5, 6, 7], from: (new Date().getUTCHours() + 12) % 24, hours: 2 };
    await backend.platform.query('UPDATE instances SET maintenance = $2 WHERE id = $1', [
      nightly.instanceId,
      JSON.stringify({ ...elsewhen, timeZone: 'UTC' }),
    ]);
    const { nextWindowAt } = await backend.hub.getRollout({ session, params: { rolloutId: id } });
    assert.equal(nextWindowAt && new Date(nextWindowAt).getUTCHours(), elsewhen.from);
    await act(id, 'force');
    assert.deepEqual(await roll(undefined, NOON), [nightly.instanceId]);
  });

  test('tries two sleepers of a ring before the others are aimed at it; all take it at their next start', async () => {
    const sleeping = await Promise.all([1, 2, 3, 4].map(() => platform({ power: 'sleeping' })));
    const suspended = await platform({ lifecycle: 'suspended', power: 'stopped' });
    const { id } = await begin('r2', 'at-once');
    const targets = () => Promise.all(sleeping.map(targetOf));
    assert.deepEqual(await targets(), ['r1', 'r1', 'r1', 'r1']);
    assert.equal(await targetOf(suspended), 'r2');
    const [first] = (await step()).opened;
    assert.equal(first?.type, 'trial');
    assert.deepEqual((await step()).opened, [], 'one is a twentieth, rounded up');
    await end(first, true);
    const [second] = (await step()).opened;
    assert.ok(second);
    assert.equal((await targets()).filter((target) => target === 'r2').length, 2);
    await end(second, true);
    assert.deepEqual((await step()).opened, []);
    assert.deepEqual(await targets(), ['r2', 'r2', 'r2', 'r2']);
    assert.deepEqual(await standings(id), { 'at-next-start': 5 });
    await backend.operator.observeInstance({
      params: { instanceId: first.instanceId },
      body: { power: 'awake', health: 'healthy', release: 'r2' },
    });
    assert.deepEqual(await standings(id), { 'at-next-start': 4, updated: 1 });
    const { instances } = await backend.hub.getRollout({ session, params: { rolloutId: id } });
    assert.deepEqual(
      instances.map(({ tried, instanceId }) => [tried, instanceId]),
      [second, first].map(({ instanceId }) => [true, instanceId]),
    );
  });

  test('halts before a sleeper wakes on what failed where it was tried', async () => {
    const sleeping = await Promise.all([1, 2, 3].map(() => platform({ power: 'sleeping' })));
    const { id } = await begin('r2');
    for (const again of [1, 2]) {
      const [trial] = (await step()).opened;
      assert.ok(trial, `trial ${again}`);
      await end(trial, false);
    }
    assert.equal((await backend.hub.getRollout({ session, params: { rolloutId: id } })).state, 'halted');
    for (const instance of sleeping) assert.equal(await targetOf(instance), 'r1');
    assert.deepEqual(await standings(id), { 'rolled-back': 2, waiting: 1 });
  });

  test('a trial that ends after a halt leaves its sleeper where it was', async () => {
    const sleeping = await platform({ power: 'sleeping' });
    const { id } = await begin('r2');
    const [trial] = (await step()).opened;
    assert.ok(trial);
    await act(id, 'cancel');
    await end(trial, true);
    assert.equal(await targetOf(sleeping), 'r1');
  });

  test('an instance that does not start with it goes back to what it ran', async () => {
    const stopped = await platform({ power: 'stopped' });
    const { id } = await begin('r2');
    await step();
    const params = { instanceId: stopped.instanceId };
    for (let twice = 0; twice < 2; twice += 1)
      await backend.operator.refuseRelease({ params, body: { releaseId: 'r2', reason: 'does not start' } });
    assert.equal(await targetOf(stopped), 'r1');
    assert.deepEqual(await standings(id), { 'rolled-back': 1 });
  });

  test('leaves out what is pinned, and what has an open operation until that is over', async () => {
    await platform({ pinned: 'r1' });
    const busy = await platform();
    const params = { instanceId: busy.instanceId };
    const restart = await backend.operator.openRepair({ params, body: { type: 'restart' } });
    const { id } = await begin('r2');
    assert.deepEqual((await step()).opened, []);
    assert.equal(await targetOf(busy), 'r1', 'an operation keeps the release that it began with');
    await end(restart, true);
    assert.deepEqual(await roll(), [busy.instanceId]);
    assert.deepEqual(await standings(id), { updated: 1, skipped: 1 });
  });

  test('halts at two failures in a row; what failed stays as it was and is not tried again until cleared', async () => {
    const all = await Promise.all([1, 2, 3, 4].map(() => platform()));
    const { id } = await begin('r2');
    const tried = await roll(() => false);
    assert.equal(tried.length, 2);
    const halted = await backend.hub.getRollout({ session, params: { rolloutId: id } });
    assert.equal(halted.state, 'halted');
    assert.deepEqual(await standings(id), { 'rolled-back': 2, waiting: 2 });
    for (const instance of all) assert.equal(await targetOf(instance), 'r1');
    const { items } = await backend.hub.listIncidents({ session, query: { state: 'open' } });
    assert.ok(items.some(({ kind, severity }) => kind === 'rollout' && severity === 'critical'));

    await act(id, 'resume');
    assert.equal((await roll()).length, 2);
    assert.equal((await backend.hub.getRollout({ session, params: { rolloutId: id } })).state, 'finished');
    const again = await begin('r2');
    assert.deepEqual(await roll(), []);
    assert.deepEqual(await standings(again.id), { updated: 2, skipped: 2 });
    const { cleared } = await backend.hub.clearRefusals({
      session,
      params: { releaseId: 'r2' },
      body: { reason },
    });
    assert.equal(cleared, 2);
    const third = await begin('r2');
    assert.deepEqual((await roll()).sort(), tried.sort());
    assert.deepEqual(await standings(third.id), { updated: 4 });
  });

  test('halts where whoever tried it refused it, be it one platform: it is not what new platforms get', async () => {
    const only = await platform();
    await publish('r3');
    for (const [release, pace] of [
      ['r2', 'rings'],
      ['r3', 'at-once'],
    ] as const) {
      const { id } = await begin(release, pace);
      assert.deepEqual(await roll(() => false), [only.instanceId]);
      const { state, haltReason } = await backend.hub.getRollout({ session, params: { rolloutId: id } });
      assert.deepEqual([state, haltReason], ['halted', 'nowhere']);
      const { items } = await backend.hub.listReleases({ session });
      assert.equal(items.find(({ current }) => current)?.id, 'r1');
      await act(id, 'resume');
      assert.equal((await step()).state, 'finished', 'staff have seen it');
    }
  });

  test('one failure alone does not halt; more than one does, also with successes between', async () => {
    await Promise.all([1, 2, 3, 4, 5].map(() => platform()));
    const { id } = await begin('r2');
    let turn = 0;
    const tried = await roll(() => {
      turn += 1;
      return turn % 2 === 0;
    });
    assert.equal(tried.length, 3);
    assert.equal((await backend.hub.getRollout({ session, params: { rolloutId: id } })).state, 'halted');
  });

  test('pauses, goes on, is cancelled; a release that is withdrawn is taken by nobody', async () => {
    const awake = await platform();
    const stopped = await platform({ power: 'stopped' });
    const { id } = await begin('r2');
    await act(id, 'pause');
    assert.deepEqual((await step()).opened, []);
    await assert.rejects(act(id, 'pause'), refused('state-forbids'));
    await act(id, 'resume');
    await step(NOON);
    const [operation] = (await step()).opened;
    assert.ok(operation);
    await end(operation, true);
    await backend.hub.yankRelease({ session, params: { releaseId: 'r2' }, body: { reason } });
    assert.equal(await targetOf(awake), 'r2', 'who runs it keeps it');
    assert.equal(await targetOf(stopped), 'r1');
    await assert.rejects(begin('r2'), refused('state-forbids'));
    await begin('r1', 'at-once');
    assert.deepEqual(await roll(undefined, NOON), [awake.instanceId], 'the way back is a roll-out too');
  });

  test('pinning brings an instance to its release, and no roll-out takes it away', async () => {
    const instance = await platform();
    const params = { instanceId: instance.instanceId };
    await backend.hub.setReleasePolicy({
      session,
      params,
      body: { channel: 'internal', pinnedRelease: 'r2', reason },
    });
    const { openOperation } = await backend.operator.getDesiredInstance({ params });
    assert.ok(openOperation?.type === 'update');
    assert.equal(await targetOf(instance), 'r2');
    await end(openOperation, false);
    assert.equal(await targetOf(instance), 'r1', 'what runs stays where the update failed');
  });
});

test('a customer’s administrator chooses the window; nobody else sees it', async () => {
  const { customer, paidInstance } = await import('../testing/customer.ts');
  const buyer = await customer(backend, 'soigneuse');
  const other = await customer(backend, 'voisine');
  const { instanceId } = await paidInstance(backend, buyer, 'a-heures-fixes');
  const params = { instanceId };
  const before = await backend.hub.getMaintenance({ session: buyer.session, params });
  assert.deepEqual([before.window.from, before.channel, before.coming], [2, 'stable', null]);
  const body = {
    window: { days: [7, 6, 6], from: 22, hours: 4, timeZone: 'Europe/Brussels' },
    channel: 'canary' as const,
  };
  const after = await backend.hub.setMaintenance({ session: buyer.session, params, body });
  assert.deepEqual(after.window, { ...body.window, days: [6, 7] });
  await assert.rejects(
    backend.hub.setMaintenance({ session: other.session, params, body }),
    refused('not-found'),
  );
  await assert.rejects(
    backend.hub.setMaintenance({
      session: buyer.session,
      params,
      body: { ...body, window: { ...body.window, timeZone: 'Lune/Mer' } },
    }),
    refused('invalid-request'),
  );
});
