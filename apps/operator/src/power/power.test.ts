import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { OperationType } from '@preau/contract/platform/instances';
import {
  fallAsleep,
  kill,
  openWorld,
  processesOf,
  provisioned,
  rests,
  until,
  type World,
} from '../testing/world.ts';
import type { DesiredInstance } from '../workflows/context.ts';

const faulty = join(import.meta.dirname, '../testing/faulty');

let world: World;
let operator: ChildProcess;
let gateway: ChildProcess;
before(async () => {
  world = await openWorld();
  gateway = await world.startGateway();
  operator = await world.startOperator();
});
afterEach(() => {
  world.ledger.onEffect = () => undefined;
});
after(() => world.close());

/** A live instance whose plan does not keep it awake. */
async function drowsy(slug: string): Promise<DesiredInstance> {
  const instance = await provisioned(world, slug);
  instance.entitlements = { ...instance.entitlements, alwaysOn: false };
  return instance;
}

const sleep = (instance: DesiredInstance) => fallAsleep(world, instance);

async function asleep(slug: string): Promise<DesiredInstance> {
  const instance = await drowsy(slug);
  assert.deepEqual(await sleep(instance), { state: 'asleep' });
  return instance;
}

const page = async ({ host }: DesiredInstance) => (await world.visit(host, '/sign-in')).status;
const opens = (instance: DesiredInstance) =>
  until(`the page of ${instance.slug}`, async () => (await page(instance)) === 200);

async function isAwake(instance: DesiredInstance) {
  await until(`${instance.slug} is called awake`, () => instance.power === 'awake');
  assert.equal((await processesOf(instance.id)).length, 1, 'one process');
  assert.equal(world.ledger.keys.get(instance.id)?.size, 1, 'one key');
}

test('who is idle sleeps, unless the plan says always on; a visit wakes it, and nobody calls that a failure', async () => {
  const instance = await drowsy('idle');
  const always = await provisioned(world, 'always');
  const [former] = world.ledger.keys.get(instance.id) ?? [];
  await kill(operator, 'SIGTERM');
  const twoSeconds = String(2 / 60);
  operator = await world.startOperator({ SLEEP_AFTER_MINUTES: twoSeconds });
  await until('sleep', async () => instance.power === 'sleeping' && instance.keySince === null);
  await kill(operator, 'SIGTERM');
  operator = await world.startOperator();
  await rests(world, instance);
  assert.equal(always.power, 'awake');
  assert.equal((await processesOf(always.id)).length, 1);
  const operations = world.ledger.operations.size;
  await opens(instance);
  await isAwake(instance);
  assert.notEqual([...(world.ledger.keys.get(instance.id) ?? [])][0], former);
  assert.equal(world.ledger.operations.size, operations, 'no operation was opened');
  assert.deepEqual(world.ledger.incidents, []);
  assert.deepEqual(await sleep(always), { state: 'refused', reason: 'always on' });
});

test('a storm: everybody is woken, each once', async () => {
  const sleepers: DesiredInstance[] = [];
  for (const n of [1, 2, 3, 4, 5, 6]) sleepers.push(await asleep(`storm-${n}`));
  const registered: string[] = [];
  world.ledger.onEffect = (id, name) => {
    if (name === 'registerInstanceKey') registered.push(id);
  };
  await Promise.all([...sleepers, ...sleepers, ...sleepers].map(opens));
  for (const instance of sleepers) await isAwake(instance);
  assert.deepEqual(registered.toSorted(), sleepers.map(({ id }) => id).toSorted());
});

/** Calls to the backend at which a sleep or a wake is interrupted: the nth of that name. */
const moments: { going: 'to sleep' | 'awake'; at: string; nth: number }[] = [
  { going: 'to sleep', at: 'getDesiredInstance', nth: 1 },
  { going: 'to sleep', at: 'observeInstance', nth: 1 },
  { going: 'to sleep', at: 'revokeInstanceKeys', nth: 1 },
  { going: 'awake', at: 'getDesiredInstance', nth: 1 },
  { going: 'awake', at: 'observeInstance', nth: 1 },
  { going: 'awake', at: 'registerInstanceKey', nth: 1 },
  { going: 'awake', at: 'observeInstance', nth: 2 },
];

for (const who of ['operator', 'gateway'] as const)
  test(`kill -9 of the ${who} at every moment of a sleep and of a wake: all end with one process and one key`, async () => {
    const lanes: ((typeof moments)[number] & { instance: DesiredInstance; calls: number })[] = [];
    for (const [n, moment] of moments.entries()) {
      const instance = await (moment.going === 'awake' ? asleep : drowsy)(`${who[0]}-${n}`);
      lanes.push({ ...moment, instance, calls: 0 });
    }
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const parked = new Set<string>();
    world.ledger.onEffect = async (id, name) => {
      const lane = lanes.find(({ instance, at }) => instance.id === id && at === name);
      if (!lane || ++lane.calls !== lane.nth) return;
      parked.add(id);
      await released;
    };
    for (const { going, instance } of lanes)
      (going === 'awake' ? page(instance) : sleep(instance)).catch(() => undefined);
    await until('every lane to be at its moment', () => parked.size === lanes.length);
    await kill(who === 'operator' ? operator : gateway);
    world.ledger.onEffect = () => undefined;
    release();
    if (who === 'operator') operator = await world.startOperator();
    else gateway = await world.startGateway();
    await Promise.all(lanes.map(({ instance }) => opens(instance)));
    for (const { instance } of lanes) await isAwake(instance);
    assert.deepEqual(world.ledger.incidents, []);
  });

describe('operations on a sleeper', () => {
  const carryOut = async (instance: DesiredInstance, type: OperationType) => {
    const operation = world.ledger.openOperation(instance.id, type);
    await world.notify('operation');
    const over = await world.ledger.over(operation.id);
    assert.equal(over.state, 'succeeded', over.error ?? '');
  };

  for (const type of ['restart', 'rotate', 'update'] as const)
    test(`${type} ends with an instance that is awake`, async () => {
      const instance = await asleep(`s-${type}`);
      await carryOut(instance, type);
      assert.equal(await page(instance), 200);
      await isAwake(instance);
    });

  test('suspend keeps it closed, resume opens it, delete leaves nothing', async () => {
    const instance = await asleep('s-suspend');
    instance.wanted = 'suspended';
    await carryOut(instance, 'suspend');
    assert.equal(await page(instance), 503);
    assert.deepEqual(await processesOf(instance.id), []);
    instance.wanted = 'running';
    await carryOut(instance, 'resume');
    assert.equal(await page(instance), 200);
    await isAwake(instance);
    assert.deepEqual(await sleep(instance), { state: 'asleep' });
    instance.wanted = 'absent';
    await carryOut(instance, 'delete');
    assert.equal(await page(instance), 404);
    assert.ok(!world.ledger.keys.has(instance.id));
  });
});

describe('a release is tried on a sleeper', () => {
  const ending = async (instance: DesiredInstance, name: string, folder?: string) => {
    instance.targetRelease = await world.publish(name, folder);
    const operation = world.ledger.openOperation(instance.id, 'trial');
    await world.notify('operation');
    return world.ledger.over(operation.id);
  };

  test('it sleeps on, and takes the release when somebody comes', async () => {
    const instance = await asleep('t-works');
    const { state, error } = await ending(instance, 'sound');
    assert.equal(state, 'succeeded', error ?? '');
    await rests(world, instance);
    assert.equal(instance.release, 'r1');
    await opens(instance);
    await isAwake(instance);
    assert.equal(instance.release, 'sound');
  });

  test('what does not start, or fails its pages, is found before anybody comes', async () => {
    const instance = await asleep('t-fails');
    for (const [name, reason] of [
      ['crashes', /check-health: .*this release crashes/s],
      ['course', /check-page: .courses.premiers-pas answered 500/],
    ] as const) {
      const { state, error } = await ending(instance, `t-${name}`, join(faulty, name));
      assert.equal(state, 'rolled_back');
      assert.match(error ?? '', reason);
      await rests(world, instance);
    }
    await opens(instance);
    assert.equal(instance.release, 'r1');
  });

  test('who was woken meanwhile is served by its own process, before and after', async () => {
    const instance = await asleep('t-woken');
    const waking = opens(instance);
    await until('the wake', () => instance.power !== 'sleeping');
    const { state, error } = await ending(instance, 'sound-too');
    assert.equal(state, 'succeeded', error ?? '');
    await waking;
    await isAwake(instance);
    assert.equal(instance.release, 'r1');
  });
});

test('a sleeper takes the new release when it wakes, not before; one that does not start answers 5xx and is told to staff', async () => {
  const instance = await asleep('release');
  await kill(operator, 'SIGTERM');
  operator = await world.startOperator({ LMS_RELEASE: 'crashes', LMS_RELEASE_DIR: join(faulty, 'crashes') });
  await until('the failure to be told', async () => {
    const status = await page(instance);
    assert.ok(status >= 500, `answered ${status}`);
    return world.ledger.incidents.includes(`open wake:${instance.id}`);
  });
  await until('rest', () => instance.power === 'sleeping' && instance.health === 'down');
  await rests(world, instance);
  await kill(operator, 'SIGTERM');
  operator = await world.startOperator({ LMS_RELEASE: 'r2' });
  await until('the page', async () => (await page(instance)) === 200);
  await isAwake(instance);
  assert.equal(instance.release, 'r2');
  await until('the end of the incident', () => world.ledger.incidents.includes(`closed wake:${instance.id}`));
});
