import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { claimFolder } from './machine.ts';
import { fallAsleep, kill, openWorld, processesOf, until, type World } from './testing/world.ts';
import type { DesiredInstance } from './workflows/context.ts';

let world: World;
before(async () => {
  world = await openWorld();
});
after(() => world.close());

test('two operators on one database: each runs its own; what one leaves for good begins anew on the other', async () => {
  const { ledger, dataDir, publicPort } = world;
  const far = await world.addMachine('far');
  const [, main, other] = await Promise.all([
    world.startGateway(),
    world.startOperator(),
    world.startOperator(far),
  ]);
  assert.ok(main);
  const instances = ['one', 'two', 'three', 'four'].map((slug) => ledger.addInstance(slug, publicPort));
  const operations = instances.map(({ id }) => ledger.openOperation(id, 'provision'));
  await world.notify('operation');
  for (const { id } of operations) assert.equal((await ledger.over(id)).state, 'succeeded');
  const of = (machine: string) => instances.filter((instance) => instance.machine === machine);
  assert.deepEqual([of('main').length, of('far').length], [2, 2]);
  const keptIn = async (folder: string) => (await readdir(join(folder, 'instances'))).sort();
  assert.deepEqual(
    await keptIn(dataDir),
    of('main')
      .map(({ id }) => id)
      .sort(),
  );
  assert.deepEqual(
    await keptIn(far.DATA_DIR),
    of('far')
      .map(({ id }) => id)
      .sort(),
  );
  const users = await Promise.all(
    instances.map(async ({ id }) => (await stat(`/proc/${(await processesOf(id))[0]}`)).uid),
  );
  if (process.getuid?.() === 0) assert.equal(new Set(users).size, users.length, 'a user each on one host');
  const [sleeper, awake] = of('far');
  assert.ok(sleeper && awake);
  sleeper.entitlements.alwaysOn = false;
  assert.deepEqual(await fallAsleep({ dataDir: far.DATA_DIR }, sleeper), { state: 'asleep' });
  assert.equal((await world.visit(sleeper.host, '/sign-in')).status, 200, 'woken by its own machine');
  assert.deepEqual(await fallAsleep({ dataDir: far.DATA_DIR }, sleeper), { state: 'asleep' });

  // One more for each, and `far` dies while its own is on the way.
  const late = ['five', 'six'].map((slug) => ledger.addInstance(slug, publicPort));
  const stands = Promise.withResolvers<DesiredInstance>();
  const dead = Promise.withResolvers<void>();
  ledger.onEffect = async (id, call) => {
    const instance = late.find((one) => one.id === id);
    if (instance?.machine !== 'far' || call !== 'registerInstanceKey') return;
    stands.resolve(instance);
    await dead.promise;
  };
  const pending = late.map(({ id }) => ledger.openOperation(id, 'provision'));
  await world.notify('operation');
  const orphan = await stands.promise;
  await kill(other);
  ledger.onEffect = () => undefined;
  dead.resolve();
  const mine = pending.find(({ instanceId }) => instanceId !== orphan.id);
  const theirs = pending.find(({ instanceId }) => instanceId === orphan.id);
  assert.ok(mine && theirs);
  assert.equal((await ledger.over(mine.id)).state, 'succeeded');
  const [pid] = await processesOf(awake.id);
  // Two rounds of the janitor and of the reconciler.
  await new Promise((later) => setTimeout(later, 2_500));
  assert.ok(!theirs.finishedAt, 'nobody else takes it up');
  assert.deepEqual(await processesOf(awake.id), [pid], 'what ran goes on running');
  assert.equal((await world.visit(awake.host, '/sign-in')).status, 200);

  ledger.declareGone('far');
  await world.notify('operation');
  assert.equal((await ledger.over(theirs.id)).state, 'succeeded');
  await until('what served there serves here', async () => {
    const live = await Promise.all(
      [awake, orphan].map(async ({ host, endpoint }) =>
        endpoint?.includes(dataDir) ? (await world.visit(host, '/sign-in')).status : 0,
      ),
    );
    return live.every((status) => status === 200) && !awake.openOperation;
  });
  assert.equal(
    (await world.visit(sleeper.host, '/sign-in')).status,
    200,
    'a sleeper wakes on its new machine',
  );
  assert.deepEqual(ledger.welcomed.length, instances.length + late.length, 'one mail each');
  for (const { id } of [...instances, ...late]) assert.equal(ledger.keys.get(id)?.size, 1, 'one key');

  // It comes back, and finds itself gone: whatever it had left ends.
  await world.startOperator(far);
  await until('nothing is left there', async () => (await keptIn(far.DATA_DIR)).length === 0);
  for (const instance of [...instances, ...late]) {
    assert.equal((await processesOf(instance.id)).length, 1, `${instance.slug} has one process`);
    assert.ok(instance.endpoint?.includes(dataDir), instance.slug);
    assert.equal((await world.visit(instance.host, '/sign-in')).status, 200);
  }
  const client = new pg.Client({ connectionString: world.databaseUrl });
  await client.connect();
  await until('one leads, and not who is gone', async () => {
    const { rows } = await client.query('SELECT machine FROM operator.leadership WHERE until > now()');
    return rows.length === 1 && rows[0].machine === 'main';
  });
  await client.end();

  // It is taken in again, and the other one drains: what is always on moves, and visitors notice nothing.
  for (const instance of instances) instance.entitlements.alwaysOn = instance === awake;
  const movers = [awake, ...late];
  // Somebody never lets go of this one, so that it leaves only once nobody is asked any more.
  const held = instances.find((instance) => instance !== awake && instance !== sleeper);
  assert.ok(held);
  const grip = connect(publicPort, '127.0.0.1').on('error', () => undefined);
  let lost = false;
  grip.once('data', () => {
    lost = true;
  });
  grip.write(`GET /held HTTP/1.1\r\nHost: ${held.host}:${publicPort}\r\n\r\n`);
  ledger.machines.set('far', { state: 'active' });
  ledger.machines.set('main', { state: 'draining', evenInUse: true });
  const answers = new Map<number, number>();
  let moving = true;
  const visitors = movers.map(async ({ host }) => {
    while (moving) {
      const { status } = await world.visit(host, '/sign-in');
      answers.set(status, (answers.get(status) ?? 0) + 1);
      await new Promise((later) => setTimeout(later, 30));
    }
  });
  await until('all of them are awake there', async () => {
    await world.notify('operation');
    const arrived = movers.every(({ machine, power }) => machine === 'far' && power === 'awake');
    return arrived && lost && held.machine === 'far';
  });
  moving = false;
  await Promise.all(visitors);
  assert.deepEqual([...answers.keys()], [200]);
  grip.destroy();
  assert.deepEqual(ledger.interrupted, [held.id]);
  await until('it wakes there', async () => (await world.visit(held.host, '/sign-in')).status === 200);
  for (const instance of movers) {
    assert.ok(instance.endpoint?.includes(far.DATA_DIR), instance.slug);
    assert.equal((await processesOf(instance.id)).length, 1);
    assert.equal(ledger.keys.get(instance.id)?.size, 1);
  }
});

test('a data folder is one machine’s for ever', async () => {
  await assert.rejects(claimFolder(world.dataDir, 'other'), /Set MACHINE=main/);
});
