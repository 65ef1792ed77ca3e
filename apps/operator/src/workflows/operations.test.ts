import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openWorld, processesOf, provisioned, refusal, type World } from '../testing/world.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await world.startGateway();
  await world.startOperator();
});
after(() => world.close());

test('provision: from an order to a page that answers, each step seen in order', async () => {
  const instance = world.ledger.addInstance('acme', world.publicPort);
  const operation = world.ledger.openOperation(instance.id, 'provision');
  await world.notify('operation');
  const over = await world.ledger.over(operation.id);
  assert.deepEqual(
    over.steps.map(({ name, state, attempt }) => `${name} ${state} ${attempt}`),
    [
      'claim-subdomain succeeded 1',
      'create-tenant succeeded 1',
      'create-administrator succeeded 1',
      'mint-identity succeeded 1',
      'start-process succeeded 1',
      'route succeeded 1',
      'check-health succeeded 1',
      'check-page succeeded 1',
      'go-live succeeded 1',
      'send-welcome succeeded 1',
    ],
  );
  assert.equal(instance.lifecycle, 'live');
  assert.equal(instance.health, 'healthy');
  assert.equal(instance.observedGeneration, operation.generation);
  assert.equal((await world.visit('acme.localhost', '/sign-in')).status, 200);
  assert.deepEqual(world.ledger.welcomed, [instance.id]);
});

test('suspend stops the process and says so to visitors; resume brings the page back', async () => {
  const instance = await provisioned(world, 'pause');
  const suspend = world.ledger.openOperation(instance.id, 'suspend');
  instance.wanted = 'suspended';
  await world.notify('operation');
  assert.equal((await world.ledger.over(suspend.id)).state, 'succeeded');
  assert.equal(instance.lifecycle, 'suspended');
  assert.deepEqual(await processesOf(instance.id), []);
  assert.equal((await world.visit('pause.localhost', '/sign-in')).status, 503);
  const resume = world.ledger.openOperation(instance.id, 'resume');
  instance.wanted = 'running';
  await world.notify('operation');
  assert.equal((await world.ledger.over(resume.id)).state, 'succeeded');
  assert.equal(instance.lifecycle, 'live');
  assert.equal((await world.visit('pause.localhost', '/sign-in')).status, 200);
});

test('restart replaces the process without one failed request', async () => {
  const instance = await provisioned(world, 'again');
  const [former] = await processesOf(instance.id);
  let failed = 0;
  let answered = 0;
  let going = true;
  const visitor = (async () => {
    while (going) {
      const { status } = await world.visit('again.localhost', '/sign-in');
      if (status === 200) answered++;
      else failed++;
    }
  })();
  const restart = world.ledger.openOperation(instance.id, 'restart');
  await world.notify('operation');
  assert.equal((await world.ledger.over(restart.id)).state, 'succeeded');
  going = false;
  await visitor;
  assert.equal(failed, 0);
  assert.ok(answered > 10, `${answered} requests`);
  const [latter, ...more] = await processesOf(instance.id);
  assert.deepEqual(more, []);
  assert.notEqual(latter, former);
});

test('rotate: both keys are valid while both processes run, then only the new one', async () => {
  const { ledger } = world;
  const instance = await provisioned(world, 'turn');
  const [former] = ledger.keys.get(instance.id) ?? [];
  const overlap: number[] = [];
  ledger.onStep = (name, state) => {
    if (name === 'route' && state === 'succeeded') overlap.push(ledger.keys.get(instance.id)?.size ?? 0);
  };
  let failed = 0;
  let going = true;
  const visitor = (async () => {
    while (going) if ((await world.visit('turn.localhost', '/sign-in')).status !== 200) failed++;
  })();
  const rotation = ledger.openOperation(instance.id, 'rotate');
  await world.notify('operation');
  assert.equal((await ledger.over(rotation.id)).state, 'succeeded');
  going = false;
  await visitor;
  ledger.onStep = () => undefined;
  assert.equal(failed, 0);
  assert.deepEqual(overlap, [2]);
  const [latter, ...more] = ledger.keys.get(instance.id) ?? [];
  assert.deepEqual(more, []);
  assert.notEqual(latter, former);
});

test('a rotation that fails leaves the old key, and only it', async () => {
  const { ledger } = world;
  const instance = await provisioned(world, 'stay');
  const before = [...(ledger.keys.get(instance.id) ?? [])];
  ledger.onStep = (name, step) => {
    if (name === 'route' && step === 'running') ledger.refused.set('observeInstance', refusal);
    if (name === 'route' && step === 'failed') ledger.refused.clear();
  };
  const rotation = ledger.openOperation(instance.id, 'rotate');
  await world.notify('operation');
  const { state, error } = await ledger.over(rotation.id).finally(() => {
    ledger.onStep = () => undefined;
    ledger.refused.clear();
  });
  assert.equal(state, 'rolled_back', error ?? '');
  assert.deepEqual([...(ledger.keys.get(instance.id) ?? [])], before);
  assert.equal((await world.visit('stay.localhost', '/sign-in')).status, 200);
});

test('a rotation that fails behind its last way back leaves the new process serving', async () => {
  const { ledger } = world;
  const instance = await provisioned(world, 'onward');
  ledger.refused.set('revokeInstanceKeys', { ...refusal, instanceId: instance.id });
  const rotation = ledger.openOperation(instance.id, 'rotate');
  await world.notify('operation');
  const { state, steps } = await ledger.over(rotation.id).finally(() => ledger.refused.clear());
  assert.equal(state, 'failed');
  assert.ok(!steps.some(({ state }) => state === 'compensated'));
  assert.equal((await processesOf(instance.id)).length, 1);
  assert.equal((await world.visit('onward.localhost', '/sign-in')).status, 200);
});

test('delete leaves neither process, key, tenant, route nor file', async () => {
  const instance = await provisioned(world, 'gone');
  const operation = world.ledger.openOperation(instance.id, 'delete');
  instance.wanted = 'absent';
  await world.notify('operation');
  assert.equal((await world.ledger.over(operation.id)).state, 'succeeded');
  assert.equal(instance.lifecycle, 'purged');
  assert.deepEqual(await processesOf(instance.id), []);
  assert.ok(!world.ledger.keys.has(instance.id));
  assert.ok(!world.ledger.tenants.has(instance.tenantId));
  assert.equal((await world.visit('gone.localhost', '/sign-in')).status, 404);
  assert.ok(!(await readdir(join(world.dataDir, 'instances'))).includes(instance.id));
});

test('a step that fails is taken back with those before it; a retry then works', async () => {
  const instance = world.ledger.addInstance('retry', world.publicPort);
  world.ledger.refused.set('sendWelcome', refusal);
  const failing = world.ledger.openOperation(instance.id, 'provision');
  await world.notify('operation');
  const over = await world.ledger.over(failing.id);
  assert.equal(over.state, 'failed');
  assert.match(over.error ?? '', /^send-welcome: /);
  assert.equal(instance.lifecycle, 'provision_failed');
  assert.deepEqual(
    over.steps.filter(({ state }) => state === 'compensated').map(({ name }) => name),
    ['mint-identity', 'start-process', 'route', 'go-live'],
  );
  assert.deepEqual(await processesOf(instance.id), []);
  assert.ok(!world.ledger.keys.has(instance.id));
  assert.equal((await world.visit('retry.localhost', '/sign-in')).status, 503);

  world.ledger.refused.clear();
  const retry = world.ledger.openOperation(instance.id, 'provision');
  await world.notify('operation');
  assert.equal((await world.ledger.over(retry.id)).state, 'succeeded');
  assert.equal((await world.visit('retry.localhost', '/sign-in')).status, 200);
});

test('a backend that is away for a moment is no failure', async () => {
  const instance = world.ledger.addInstance('patient', world.publicPort);
  world.ledger.onStep = (name, state) => {
    if (name !== 'create-tenant' || state !== 'succeeded') return;
    world.ledger.onStep = () => undefined;
    world.ledger.away = true;
    setTimeout(() => {
      world.ledger.away = false;
    }, 1500);
  };
  const operation = world.ledger.openOperation(instance.id, 'provision');
  await world.notify('operation');
  const over = await world.ledger.over(operation.id);
  assert.equal(over.state, 'succeeded');
  assert.ok(over.steps.every(({ attempt }) => attempt === 1));
});

test('an operation is found by polling when its notification is lost', async () => {
  const instance = world.ledger.addInstance('quiet', world.publicPort);
  const operation = world.ledger.openOperation(instance.id, 'provision');
  assert.equal((await world.ledger.over(operation.id, 12_000)).state, 'succeeded');
});
