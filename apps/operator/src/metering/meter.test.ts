import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createClient } from '@preau/contract';
import { createSigner } from '@preau/identity';
import { openProcessDriver } from '../driver/process.ts';
import { openGateway } from '../gateway/control.ts';
import { openLog } from '../log.ts';
import { openWorld, provisioned, until, type World } from '../testing/world.ts';
import { openMeter } from './meter.ts';
import { standingOf } from './standing.ts';

let world: World;
before(async () => {
  world = await openWorld();
  await world.startGateway();
  await world.startOperator();
});
after(() => world.close());

async function meter() {
  const signer = createSigner(world.key);
  return openMeter({
    backend: createClient({ baseUrl: world.ledger.url, token: () => signer.token(), timeout: 5_000 }),
    driver: await openProcessDriver({ dataDir: world.dataDir, releasePath: '/nowhere' }),
    gateway: openGateway(world.control, `http://127.0.0.1:${world.publicPort}`, '/none'),
    log: openLog('silent'),
    machine: 'main',
  });
}

test('a minute is what lies between two readings; without one before, nothing is reported', async () => {
  const { id } = await provisioned(world, 'metered');
  const read = await meter();
  await read.measure();
  assert.equal(world.ledger.minutes.length, 0, 'a gap, no zeros');
  for (let visit = 0; visit < 5; visit++) await world.visit('metered.localhost', '/sign-in');
  await read.measure();
  const sample = world.ledger.minutes.at(-1)?.samples.find(({ instanceId }) => instanceId === id);
  assert.ok(sample);
  const { requests, egressBytes, latency, processes, memoryBytes, cpuSeconds } = sample;
  assert.equal(requests, 5);
  assert.ok((egressBytes ?? 0) > 5 * 100, `${egressBytes} bytes`);
  assert.equal(
    latency?.reduce((sum, count) => sum + count, 0),
    5,
  );
  assert.equal(processes, 1);
  assert.ok((memoryBytes ?? 0) > 1_000_000);
  assert.ok(cpuSeconds !== null && cpuSeconds < 60);
});

test('a backend that is away loses no minute', async () => {
  const read = await meter();
  await read.measure();
  const before = world.ledger.minutes.length;
  world.ledger.away = true;
  await read.measure();
  await read.measure();
  assert.equal(world.ledger.minutes.length, before);
  world.ledger.away = false;
  await read.measure();
  await until('the minutes', () => read.waiting === 0);
  assert.ok(world.ledger.minutes.length >= before + 1);
});

test('asleep is no outage, and suspended is nothing at all', () => {
  const live = { lifecycle: 'live', wanted: 'running', power: 'awake', health: 'healthy' } as const;
  assert.equal(standingOf(live), 'up');
  assert.equal(standingOf({ ...live, health: 'down' }), 'down');
  assert.equal(standingOf({ ...live, power: 'sleeping', health: 'unknown' }), 'asleep');
  assert.equal(standingOf({ ...live, lifecycle: 'suspended' }), 'off');
});
