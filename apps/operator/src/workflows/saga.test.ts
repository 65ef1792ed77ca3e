import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { InstanceOperation, OperationType, StepName } from '@preau/contract/platform/instances';
import {
  copySource,
  fallAsleep,
  kill,
  openWorld,
  processesOf,
  provisioned,
  refusal,
  rests,
  until,
  type World,
} from '../testing/world.ts';
import type { DesiredInstance } from './context.ts';

/** `MOMENTS=all` takes every call of every operation, in three minutes; else every fourth. */
const STRIDE = process.env.MOMENTS === 'all' ? 1 : 4;

let world: World;
let operator: ChildProcess;
/** Sources in which provisioning has one step more: what an operator of the next version does. */
let later: { folder: string; code: string };
before(async () => {
  world = await openWorld();
  await world.startGateway();
  operator = await world.startOperator();
  const folder = await mkdtemp(join(tmpdir(), 'later-'));
  later = { folder, code: await copySource(folder) };
  const provision = join(later.code, 'workflows/provision.ts');
  const text = await readFile(provision, 'utf8');
  const changed = text
    .replace('mintIdentity,', 'mintIdentity,\n  revokeFormer,')
    .replace('    sendWelcome,\n', '    sendWelcome,\n    revokeFormer,\n');
  assert.notEqual(changed, text);
  await writeFile(provision, changed);
});
after(async () => {
  await world.close();
  await rm(later.folder, { recursive: true, force: true });
});

const live = async ({ id, host, lifecycle }: DesiredInstance) => {
  assert.equal(lifecycle, 'live');
  assert.equal((await processesOf(id)).length, 1, 'one process');
  assert.equal(world.ledger.keys.get(id)?.size, 1, 'one key');
  assert.equal(world.ledger.welcomed.filter((welcomed) => welcomed === id).length, 1, 'one mail');
  assert.equal((await world.visit(host, '/sign-in')).status, 200);
};

const stopped = async (instance: DesiredInstance, lifecycle: DesiredInstance['lifecycle']) => {
  assert.equal(instance.lifecycle, lifecycle);
  assert.deepEqual(await processesOf(instance.id), []);
  assert.equal((await world.visit(instance.host, '/sign-in')).status, 503);
};

const backAgain = async (instance: DesiredInstance) => {
  await until(
    'the platform runs again',
    async () => !instance.openOperation && (await world.visit(instance.host, '/sign-in')).status === 200,
  );
  await live(instance);
};

const purged = async ({ id, tenantId, host, lifecycle }: DesiredInstance) => {
  assert.equal(lifecycle, 'purged');
  assert.deepEqual(await processesOf(id), []);
  assert.ok(!world.ledger.keys.has(id) && !world.ledger.tenants.has(tenantId));
  assert.ok(!(await readdir(join(world.dataDir, 'instances'))).includes(id));
  assert.ok(!(await readdir(join(world.dataDir, 'run'))).includes(id));
  assert.equal((await world.visit(host, '/sign-in')).status, 404);
};

/** One operation that is under way when the operator dies. */
interface Lane {
  type: OperationType;
  instance: DesiredInstance;
  wanted?: DesiredInstance['wanted'];
  /** A call that the backend refuses in a step of that name: the operation is taken back. */
  fails?: { call: 'sendWelcome' | 'observeInstance'; step: StepName };
  ends: InstanceOperation['state'];
  finds(instance: DesiredInstance): Promise<void>;
}

/** Lanes that are over before the moment of the kill are left out from then on. */
const over = new Set<string>();
const nameOf = ({ type, ends }: Lane) => `${type} ${ends}`;

/** The lanes of one round; instances go through their lives from round to round. */
async function* rounds(): AsyncGenerator<Lane[]> {
  const { ledger, publicPort } = world;
  const made = await Promise.all(
    ['restart', 'rotate', 'update', 'restore', 'lost', 'trial', 'a', 'b'].map((name) =>
      provisioned(world, name),
    ),
  );
  const [restart, rotate, update, restore, lost, trial, ...pair] = made;
  assert.ok(lost && trial);
  trial.entitlements.alwaysOn = false;
  assert.deepEqual(await fallAsleep(world, trial), { state: 'asleep' });
  ledger.lost.set(lost.id, 'The backup has been deleted meanwhile.');
  let [first, second] = pair;
  let former: DesiredInstance | undefined;
  for (let round = 1; ; round++) {
    assert.ok(restart && rotate && update && restore && first && second);
    const fresh = ledger.addInstance(`new-${round}`, publicPort);
    const refused = ledger.addInstance(`refused-${round}`, publicPort);
    const lanes: Lane[] = [
      { type: 'provision', instance: fresh, ends: 'succeeded', finds: live },
      {
        type: 'provision',
        instance: refused,
        fails: { call: 'sendWelcome', step: 'send-welcome' },
        ends: 'failed',
        finds: async (instance) => {
          await stopped(instance, 'provision_failed');
          assert.ok(!ledger.keys.has(instance.id));
        },
      },
      { type: 'restart', instance: restart, ends: 'succeeded', finds: live },
      { type: 'rotate', instance: rotate, ends: 'succeeded', finds: live },
      {
        type: 'update',
        instance: update,
        fails: { call: 'observeInstance', step: 'route' },
        ends: 'rolled_back',
        finds: live,
      },
    ];
    lanes.push(
      { type: 'restore', instance: restore, ends: 'succeeded', finds: live },
      { type: 'trial', instance: trial, ends: 'succeeded', finds: (instance) => rests(world, instance) },
      // Nothing was replaced: the platform comes back as it is.
      { type: 'restore', instance: lost, ends: 'failed', finds: (instance) => backAgain(instance) },
    );
    if (former)
      lanes.push({ type: 'delete', instance: former, wanted: 'absent', ends: 'succeeded', finds: purged });
    const pausing: Lane[] = [
      {
        type: 'suspend',
        instance: first,
        wanted: 'suspended',
        ends: 'succeeded',
        finds: (instance) => stopped(instance, 'suspended'),
      },
    ];
    if (second.lifecycle === 'suspended')
      pausing.push({ type: 'resume', instance: second, wanted: 'running', ends: 'succeeded', finds: live });
    const going = (lane: Lane) => !over.has(nameOf(lane));
    // The one suspends what the other resumes.
    yield [...lanes.filter(going), ...(pausing.some(going) ? pausing : [])];
    [first, second] = [second, first];
    former = fresh;
  }
}

/**
 * Starts every lane's operation, stops each behind its call number `moment` (the call had its effect, its answer
 * never comes), and kills the operator when all of them stand there or are over.
 * @returns the operations, and the instances of those that were interrupted
 */
async function killAt(moment: number, lanes: readonly Lane[]) {
  const { ledger } = world;
  const calls = new Map(lanes.map(({ instance }) => [instance.id, 0]));
  const interrupted = new Set<string>();
  const dead = Promise.withResolvers<void>();
  ledger.onEffect = async (id, call) => {
    const lane = lanes.find(({ instance }) => instance.id === id);
    if (!lane?.instance.openOperation || call === 'getDesiredInstance') return;
    const made = (calls.get(id) ?? 0) + 1;
    calls.set(id, made);
    if (made < moment) return;
    interrupted.add(id);
    await dead.promise;
  };
  const operations = lanes.map(({ type, instance, wanted }) => {
    if (wanted) instance.wanted = wanted;
    return ledger.openOperation(instance.id, type);
  });
  await world.notify('operation');
  await until(`every operation at call ${moment}`, () =>
    operations.every(
      ({ id, instanceId }) => interrupted.has(instanceId) || ledger.operations.get(id)?.finishedAt,
    ),
  );
  await kill(operator);
  ledger.onEffect = () => undefined;
  dead.resolve();
  return { operations, interrupted };
}

test('killed between and inside the steps of every operation: the next operator ends them, nothing twice', async (t) => {
  const { ledger } = world;
  let moment = 1;
  for await (const lanes of rounds()) {
    for (const { fails, instance } of lanes) {
      const steps = () => instance.openOperation?.steps ?? [];
      const when = () => steps().some(({ name, state }) => name === fails?.step && state === 'running');
      if (fails) ledger.refused.set(fails.call, { ...refusal, instanceId: instance.id, when });
    }
    const { operations, interrupted } = await killAt(moment, lanes);
    // Executors are never the same twice; every other one is of a later version, too.
    operator = await world.startOperator({}, moment % 2 ? undefined : later.code);
    for (const [at, { id }] of operations.entries()) {
      const lane = lanes[at];
      assert.ok(lane);
      const where = `${lane.type} of ${lane.instance.slug}, killed at call ${moment}`;
      const { state, error } = await ledger.over(id);
      assert.equal(state, lane.ends, `${where}: ${error}`);
      await lane.finds(lane.instance).catch((cause) => {
        throw new Error(where, { cause });
      });
      if (!interrupted.has(lane.instance.id)) over.add(nameOf(lane));
    }
    t.diagnostic(`at call ${moment}: ${interrupted.size} operations were interrupted and ended`);
    if (interrupted.size === 0) break;
    moment += STRIDE;
  }
});
