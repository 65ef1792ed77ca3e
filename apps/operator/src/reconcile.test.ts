import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { appendFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { kill, openWorld, processesOf, provisioned, until, type World } from './testing/world.ts';
import type { DesiredInstance } from './workflows/context.ts';

/** Releases that fail, each in its way. */
const faulty = join(import.meta.dirname, 'testing/faulty');

let world: World;
let operator: ChildProcess;
let gateway: ChildProcess;
before(async () => {
  world = await openWorld();
  gateway = await world.startGateway();
  operator = await world.startOperator();
});
after(() => world.close());

test('a killed instance comes back by itself', async () => {
  const instance = await provisioned(world, 'phoenix');
  const [pid = 0] = await processesOf(instance.id);
  process.kill(pid, 'SIGKILL');
  await until('a new process', async () => {
    const [next] = await processesOf(instance.id);
    return next !== undefined && next !== pid;
  });
  await until('the page', async () => (await world.visit('phoenix.localhost', '/sign-in')).status === 200);
  await until('health', () => instance.health === 'healthy');
});

test('a gateway that lost its routes gets them again', async () => {
  await provisioned(world, 'routed');
  await kill(gateway, 'SIGTERM');
  await rm(join(world.dataDir, 'gateway'), { recursive: true, force: true });
  gateway = await world.startGateway();
  await until('the page', async () => (await world.visit('routed.localhost', '/sign-in')).status === 200);
});

test('an operator that leaves in order lets instances run, and the next one adopts them', async () => {
  const instance = await provisioned(world, 'adopted');
  const before = await processesOf(instance.id);
  const begun = performance.now();
  await kill(operator, 'SIGTERM');
  assert.ok(performance.now() - begun < 5000);
  assert.equal((await world.visit('adopted.localhost', '/sign-in')).status, 200);
  operator = await world.startOperator();
  await sleep(2500);
  assert.deepEqual(await processesOf(instance.id), before);
});

test('a key that is due is replaced on schedule, without a failed request', async () => {
  const instance = await provisioned(world, 'dated');
  const [former] = world.ledger.keys.get(instance.id) ?? [];
  await kill(operator, 'SIGTERM');
  const threeSeconds = String(3 / 3_600);
  operator = await world.startOperator({ INSTANCE_KEY_HOURS: threeSeconds });
  let failed = 0;
  await until('another key', async () => {
    if ((await world.visit('dated.localhost', '/sign-in')).status !== 200) failed++;
    const keys = [...(world.ledger.keys.get(instance.id) ?? [])];
    return keys.length === 1 && keys[0] !== former && instance.openOperation === null;
  });
  assert.equal(failed, 0);
  await kill(operator, 'SIGTERM');
  operator = await world.startOperator();
});

test('an instance that starts again under another release has one key, its new one', async () => {
  const instance = await provisioned(world, 'rebuilt');
  const [former] = world.ledger.keys.get(instance.id) ?? [];
  await kill(operator, 'SIGINT');
  operator = await world.startOperator({ LMS_RELEASE: 'rebuilt' });
  await until('another key', async () => {
    const keys = [...(world.ledger.keys.get(instance.id) ?? [])];
    return keys.length === 1 && keys[0] !== former;
  });
  await until('the page', async () => (await world.visit('rebuilt.localhost', '/sign-in')).status === 200);
  await kill(operator, 'SIGTERM');
  operator = await world.startOperator();
});

test('a new release reaches one instance after the other, without a failed request', async () => {
  const instances = [await provisioned(world, 'updated'), await provisioned(world, 'updated-too')];
  const release = await world.publish('r2');
  world.ledger.rollout = { release, instances: instances.map(({ id }) => id) };
  let failed = 0;
  await until('the new release', async () => {
    for (const { host } of instances) if ((await world.visit(host, '/sign-in')).status !== 200) failed++;
    return instances.every(({ release, openOperation }) => release === 'r2' && openOperation === null);
  });
  assert.equal(failed, 0);
  const update = [...world.ledger.operations.values()].find(({ type }) => type === 'update');
  const { message } = update?.steps.find(({ name }) => name === 'compare') ?? {};
  assert.match(message ?? '', /^5xx 0\/\d+.* → 5xx 0\/\d+, p95 \d+ ms$/);
});

/** Updates one instance and answers how that ended. */
async function update(instance: DesiredInstance, release: { id: string; digest: string | null }) {
  const seen = new Set(world.ledger.operations.keys());
  world.ledger.rollout = { release, instances: [instance.id] };
  const find = () => [...world.ledger.operations.values()].find(({ id }) => !seen.has(id));
  await until('an update', () => find()?.finishedAt !== undefined && find()?.finishedAt !== null);
  return find();
}

test('a release that does not start, whose pages fail, or that fails its visitors is rolled back', async () => {
  const instance = await provisioned(world, 'faithful');
  for (const [name, reason] of [
    ['crashes', /check-health: .*crashed.*this release crashes/s],
    ['refuses', /check-page: \/sign-in answered 500/],
    ['course', /check-page: \/courses\/premiers-pas answered 500, the former release 404/],
    ['learners', /check-page: \/courses\/private answered 500, the former release 404/],
    ['visitors', /compare: .*answer.*→ 5xx|compare: \/sign-in answered 500/],
  ] as const) {
    const ended = await update(instance, await world.publish(name, join(faulty, name)));
    assert.equal(ended?.state, 'rolled_back', name);
    assert.match(ended?.error ?? '', reason);
    assert.equal(instance.release, 'r1');
    assert.equal((await world.visit('faithful.localhost', '/sign-in')).status, 200);
    assert.equal((await processesOf(instance.id)).length, 1);
    assert.equal(world.ledger.keys.get(instance.id)?.size, 1);
  }
});

test('an artefact that is not what was published is not started', async () => {
  const instance = await provisioned(world, 'careful');
  const published = await world.publish('r3');
  await appendFile(join(world.dataDir, 'releases/r3/start.mjs'), '\n// another byte');
  const ended = await update(instance, published);
  assert.match(ended?.error ?? '', /are not those that were published/);
  const missing = await update(instance, { id: 'r4', digest: published.digest });
  assert.match(missing?.error ?? '', /Release r4 is not in/);
  assert.equal((await world.visit('careful.localhost', '/sign-in')).status, 200);
});

test('an instance that is started again with a release that does not start goes back to the one before', async () => {
  const instance = await provisioned(world, 'returning');
  instance.targetRelease = await world.publish('crashes-too', join(faulty, 'crashes'));
  const [pid = 0] = await processesOf(instance.id);
  process.kill(pid, 'SIGKILL');
  await until('the release before', () => instance.targetRelease?.id === 'r1');
  await until('the page', async () => (await world.visit('returning.localhost', '/sign-in')).status === 200);
  assert.equal(instance.release, 'r1');
});

test('at Ctrl-C the instances end, and return with the next operator', async () => {
  const instance = await provisioned(world, 'night');
  await kill(operator, 'SIGINT');
  assert.deepEqual(await processesOf(instance.id), []);
  operator = await world.startOperator();
  await until('the page', async () => (await world.visit('night.localhost', '/sign-in')).status === 200);
});
