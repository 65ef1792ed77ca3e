import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { kill, openWorld, processesOf, provisioned, until, type World } from './testing/world.ts';

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

test('a new release reaches every instance, without a failed request', async () => {
  const instance = await provisioned(world, 'updated');
  await kill(operator, 'SIGTERM');
  operator = await world.startOperator({ LMS_RELEASE: 'r2' });
  let failed = 0;
  await until('the new release', async () => {
    if ((await world.visit('updated.localhost', '/sign-in')).status !== 200) failed++;
    return instance.release === 'r2' && instance.openOperation === null;
  });
  assert.equal(failed, 0);
});

test('a release that does not start, or whose page fails, is rolled back and not tried again', async () => {
  const instance = await provisioned(world, 'faithful');
  for (const [name, reason] of [
    ['crashes', /check-health: .*crashed.*this release crashes/s],
    ['refuses', /check-page: \/sign-in answered 500/],
  ] as const) {
    const seen = new Set(world.ledger.operations.keys());
    await kill(operator, 'SIGTERM');
    operator = await world.startOperator({ LMS_RELEASE: name, LMS_RELEASE_DIR: join(faulty, name) });
    const updates = () => [...world.ledger.operations.values()].filter(({ id }) => !seen.has(id));
    await until(
      'the roll-out to halt',
      () => world.ledger.incidents.filter((key) => key.includes(name)).length === 2,
    );
    for (const update of updates()) {
      assert.equal(update.state, 'rolled_back');
      assert.match(update.error ?? '', reason);
    }
    assert.equal(updates().length, 2);
    assert.equal((await world.visit('faithful.localhost', '/sign-in')).status, 200);
    assert.equal((await processesOf(instance.id)).length, 1);
  }
  await kill(operator, 'SIGTERM');
  operator = await world.startOperator({ LMS_RELEASE: 'r2' });
});

test('at Ctrl-C the instances end, and return with the next operator', async () => {
  const instance = await provisioned(world, 'night');
  await kill(operator, 'SIGINT');
  assert.deepEqual(await processesOf(instance.id), []);
  operator = await world.startOperator();
  await until('the page', async () => (await world.visit('night.localhost', '/sign-in')).status === 200);
});
