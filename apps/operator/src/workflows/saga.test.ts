import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import type { StepName } from '@preau/contract/platform/instances';
import { kill, openWorld, processesOf, provisioned, refusal, type World } from '../testing/world.ts';

let world: World;
let operator: ChildProcess;
before(async () => {
  world = await openWorld();
  await world.startGateway();
  operator = await world.startOperator();
});
after(() => world.close());

describe('the operator is killed', () => {
  const moments: [StepName, 'running' | 'succeeded'][] = [
    ['claim-subdomain', 'running'],
    ['create-tenant', 'succeeded'],
    ['mint-identity', 'running'],
    ['start-process', 'running'],
    ['start-process', 'succeeded'],
    ['check-health', 'running'],
    ['go-live', 'running'],
    ['go-live', 'succeeded'],
    ['send-welcome', 'succeeded'],
  ];
  for (const [name, state] of moments)
    test(`in mid-provisioning, at ${name} ${state}: the next one finishes, nothing twice`, async () => {
      const instance = world.ledger.addInstance(`k-${name}-${state}`, world.publicPort);
      const killed = new Promise<void>((resolve, reject) => {
        world.ledger.onStep = (at, how) => {
          if (at !== name || how !== state) return;
          world.ledger.onStep = () => undefined;
          kill(operator).then(resolve, reject);
        };
      });
      const operation = world.ledger.openOperation(instance.id, 'provision');
      await world.notify('operation');
      await killed;
      operator = await world.startOperator();
      assert.equal((await world.ledger.over(operation.id)).state, 'succeeded');
      assert.equal(instance.lifecycle, 'live');
      assert.equal((await processesOf(instance.id)).length, 1);
      assert.equal(world.ledger.keys.get(instance.id)?.size, 1);
      assert.equal(world.ledger.welcomed.filter((id) => id === instance.id).length, 1);
      assert.equal((await world.visit(instance.host, '/sign-in')).status, 200);
    });

  test('while it takes back a failed provisioning: all of it is taken back, and a retry works', async () => {
    const instance = world.ledger.addInstance('k-back', world.publicPort);
    world.ledger.refused.set('sendWelcome', refusal);
    const killed = new Promise<void>((resolve, reject) => {
      world.ledger.onStep = (name, state) => {
        if (name !== 'route' || state !== 'compensated') return;
        world.ledger.onStep = () => undefined;
        kill(operator).then(resolve, reject);
      };
    });
    const failing = world.ledger.openOperation(instance.id, 'provision');
    await world.notify('operation');
    await killed;
    operator = await world.startOperator();
    assert.equal((await world.ledger.over(failing.id)).state, 'failed');
    assert.equal(instance.lifecycle, 'provision_failed');
    assert.deepEqual(await processesOf(instance.id), []);
    assert.ok(!world.ledger.keys.has(instance.id));
    world.ledger.refused.clear();
    const retry = world.ledger.openOperation(instance.id, 'provision');
    await world.notify('operation');
    assert.equal((await world.ledger.over(retry.id)).state, 'succeeded');
  });

  test('while it deletes: nothing is left', async () => {
    const instance = await provisioned(world, 'k-delete');
    const killed = new Promise<void>((resolve, reject) => {
      world.ledger.onStep = (name, state) => {
        if (name !== 'purge-data' || state !== 'succeeded') return;
        world.ledger.onStep = () => undefined;
        kill(operator).then(resolve, reject);
      };
    });
    const deletion = world.ledger.openOperation(instance.id, 'delete');
    instance.wanted = 'absent';
    await world.notify('operation');
    await killed;
    operator = await world.startOperator();
    assert.equal((await world.ledger.over(deletion.id)).state, 'succeeded');
    assert.equal(instance.lifecycle, 'purged');
    assert.deepEqual(await processesOf(instance.id), []);
    assert.equal((await world.visit(instance.host, '/sign-in')).status, 404);
  });
});
