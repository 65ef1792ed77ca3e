import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, copyFile, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { generateKey } from '@preau/identity';
import { call } from '../endpoint.ts';
import { untilHealthy } from '../health.ts';
import { noEngine, startEngine } from '../testing/engine.ts';
import { openDockerDriver } from './docker.ts';
import type { Driver, Inspection, InstanceSpec } from './driver.ts';
import { openProcessDriver } from './process.ts';
import { processBirth } from './procfs.ts';

const dataDir = await mkdtemp(join(tmpdir(), 'op-'));
// Instances have their own users, who must be able to enter.
await chmod(dataDir, 0o755);
const fixture = join(dataDir, 'release');
await cp(join(import.meta.dirname, 'fixture'), fixture, { recursive: true });
// Where Node keeps compiled code for whoever built the release.
const compiled = join(fixture, '.compile-cache', `v0-${process.getuid?.()}`);
await mkdir(compiled);
await writeFile(join(compiled, 'code'), 'compiled');

/** By address: its types would bring those of all tools in here. */
const images = new URL('../../../../tools/image.ts', import.meta.url).href;
interface Images {
  buildImage(options: { releasePath: string; name: string; socket: string }): Promise<void>;
}

async function specOf(number: number, changes: Partial<InstanceSpec> = {}): Promise<InstanceSpec> {
  const instanceId = `0198a1b2-0000-7000-8000-${String(number).padStart(12, '0')}`;
  return {
    instanceId,
    tenantId: '0198a1b2-0000-7000-8000-00000000aaaa',
    release: { id: 'r1', path: fixture },
    backendUrl: 'http://127.0.0.1:9',
    publicUrl: 'http://localhost:8080',
    platformUrl: 'http://acme.localhost:8080',
    key: await generateKey(`instance:${instanceId}`, 'k1'),
    actionsKey: Buffer.alloc(32, number).toString('base64'),
    memoryMiB: 256,
    ...changes,
  };
}

async function page(inspection: Inspection, path: string): Promise<Record<string, unknown>> {
  assert.ok(inspection.endpoint);
  return JSON.parse((await call(inspection.endpoint, { path, timeoutMs: 3000 })).body);
}

async function serving(driver: Driver, spec: InstanceSpec): Promise<Inspection> {
  await driver.standbys?.tend(spec.release, true, 1);
  const inspection = await driver.ensure(spec, 'blue');
  assert.equal(inspection.presence, 'running');
  assert.ok(inspection.endpoint && (await untilHealthy(inspection.endpoint, spec.instanceId, 10_000)));
  return inspection;
}

/** What every driver promises; each runs it against real servers. */
function contract(name: string, open: () => Promise<{ driver: Driver; close?(): Promise<void> }>) {
  describe(`${name} driver`, async () => {
    const { driver, close } = await open();
    test('as root, every instance has its own user', () => {
      assert.equal(driver.capabilities.ownUser, process.getuid?.() === 0);
    });
    after(async () => {
      for (const id of await driver.list()) await driver.destroy(id);
      await driver.standbys?.drain();
      await close?.();
    });

    test('an instance is absent, then runs once however often it is ensured', async () => {
      const spec = await specOf(1);
      assert.equal((await driver.inspect(spec.instanceId, 'blue')).presence, 'absent');
      const [one, two] = await Promise.all([driver.ensure(spec, 'blue'), driver.ensure(spec, 'blue')]);
      assert.deepEqual(one.startedAt, two.startedAt);
      const again = await serving(driver, spec);
      assert.deepEqual(again.startedAt, one.startedAt);
      assert.deepEqual(await driver.list(), [spec.instanceId]);
    });

    test('another specification replaces the process', async () => {
      const spec = await specOf(2);
      const first = await serving(driver, spec);
      const second = await serving(driver, { ...spec, release: { ...spec.release, id: 'r2' } });
      assert.equal(second.release, 'r2');
      assert.notDeepEqual(second.startedAt, first.startedAt);
      assert.equal((await page(second, '/healthz')).release, 'r2');
    });

    test('its environment is written from scratch and holds no credential but its own', async () => {
      process.env.OPERATOR_DATABASE_URL = 'postgres://secret';
      const environment = await page(await serving(driver, await specOf(3)), '/environment');
      delete process.env.OPERATOR_DATABASE_URL;
      assert.equal(environment.INSTANCE_KEY, 'set');
      for (const name of Object.keys(environment)) assert.doesNotMatch(name, /DATABASE|SERVICE_KEY|SANDBOX/);
      // A container has its own.
      for (const name of ['HOME', 'PATH']) assert.notEqual(environment[name], process.env[name]);
    });

    test('it cannot read beyond its release, and has its own user where there can be one', async () => {
      const reach = async (n: number) => page(await serving(driver, await specOf(n)), '/reach');
      const [one, two] = [await reach(4), await reach(5)];
      assert.equal(one.passwd, 'refused: ERR_ACCESS_DENIED');
      assert.equal(one.own, 'true');
      // An image holds no code that is compiled for users it does not know.
      if (driver.name === 'process') assert.equal(one.compiled, 'compiled');
      assert.match(String(one.cache), /^refused: (EACCES|ERR_ACCESS_DENIED)$/);
      if (driver.capabilities.ownUser) {
        assert.notEqual(one.user, two.user);
        assert.notEqual(one.user, 0);
        if (driver.name === 'process') assert.equal(one.processes, 64);
      }
    });

    test('a crash is seen, told, and ended by a start', async () => {
      const spec = await specOf(6);
      const inspection = await serving(driver, spec);
      const told = new Promise((resolve) => driver.onExit((id) => id === spec.instanceId && resolve(id)));
      await page(inspection, '/crash').catch(() => undefined);
      await told;
      assert.equal((await driver.inspect(spec.instanceId, 'blue')).presence, 'crashed');
      const restarted = await driver.start(spec.instanceId, 'blue');
      assert.equal(restarted.presence, 'running');
      assert.equal(restarted.crashes, 1);
      assert.ok(restarted.endpoint && (await untilHealthy(restarted.endpoint, spec.instanceId, 10_000)));
    });

    test('what outgrows its memory is ended, and nothing else', async (context) => {
      if (driver.capabilities.memoryLimit !== 'kernel')
        return context.skip('no control group may be written here');
      const [spec, neighbour] = [await specOf(12), await specOf(13)];
      await serving(driver, neighbour);
      const inspection = await serving(driver, spec);
      // The connection breaks a moment before the process is gone.
      const told = new Promise((resolve) => driver.onExit((id) => id === spec.instanceId && resolve(id)));
      await page(inspection, '/eat').catch(() => undefined);
      await told;
      assert.equal((await driver.inspect(spec.instanceId, 'blue')).presence, 'crashed');
      assert.equal((await driver.inspect(neighbour.instanceId, 'blue')).presence, 'running');
    });

    test('a stop lets requests finish, and stays a stop', async () => {
      const spec = await specOf(7);
      const slow = page(await serving(driver, spec), '/slow');
      await sleep(100);
      await driver.stop(spec.instanceId, 'blue', 5000);
      assert.deepEqual(await slow, { slow: true });
      await driver.stop(spec.instanceId, 'blue', 5000);
      assert.equal((await driver.inspect(spec.instanceId, 'blue')).presence, 'stopped');
    });

    test('a halt ends the process and leaves it wanted', async () => {
      const spec = await specOf(11);
      await serving(driver, spec);
      await driver.halt(spec.instanceId, 'blue');
      assert.equal((await driver.inspect(spec.instanceId, 'blue')).presence, 'crashed');
    });

    test('two slots run side by side', async () => {
      const spec = await specOf(8);
      const blue = await serving(driver, spec);
      const green = await driver.ensure({ ...spec, release: { ...spec.release, id: 'r2' } }, 'green');
      assert.notEqual(blue.endpoint, green.endpoint);
      assert.equal((await driver.inspect(spec.instanceId, 'blue')).presence, 'running');
    });

    test('it tells memory, processor time and the last lines of the log', async () => {
      const spec = await specOf(9);
      await serving(driver, spec);
      const stats = await driver.stats(spec.instanceId, 'blue');
      assert.ok(stats && stats.memoryBytes > 1_000_000 && stats.cpuSeconds > 0);
      assert.deepEqual(await driver.logs(spec.instanceId, 'blue', 1), ['listening']);
    });

    test('nothing is left of a destroyed instance', async () => {
      const spec = await specOf(10);
      const { endpoint } = await serving(driver, spec);
      await driver.destroy(spec.instanceId);
      await driver.destroy(spec.instanceId);
      assert.equal((await driver.inspect(spec.instanceId, 'blue')).presence, 'absent');
      assert.ok(endpoint && !(await untilHealthy(endpoint, spec.instanceId, 100)));
      assert.ok(!(await driver.list()).includes(spec.instanceId));
    });
  });
}

contract('process', async () => ({ driver: await openProcessDriver({ dataDir, releasePath: fixture }) }));
contract('process, where starts are claims,', async () => {
  const folder = join(dataDir, 'warm');
  const standbys = { min: 1, max: 2, memoryMiB: 256 };
  return { driver: await openProcessDriver({ dataDir: folder, releasePath: fixture, standbys }) };
});

const without = noEngine();
if (without) test('docker driver', { skip: without }, () => undefined);
else
  contract('docker', async () => {
    const engine = await startEngine();
    const { buildImage }: Images = await import(images);
    for (const release of ['r1', 'r2'])
      await buildImage({ releasePath: fixture, name: `preau-test:${release}`, socket: engine.socket });
    const driver = await openDockerDriver({ dataDir, socket: engine.socket, image: 'preau-test' });
    return { driver, close: engine.stop };
  });
after(() => rm(dataDir, { recursive: true, force: true }));

test('the platform that is being developed runs from its sources, unconfined; every other from the release', async () => {
  const folder = join(dataDir, 'sources');
  await mkdir(join(folder, 'server'), { recursive: true });
  await copyFile(join(fixture, 'start.mjs'), join(folder, 'server/dev.ts'));
  const spec = await specOf(30);
  const source = { platformUrl: spec.platformUrl, folder };
  const driver = await openProcessDriver({ dataDir, releasePath: fixture, source });
  const developed = await page(await serving(driver, spec), '/environment');
  assert.equal(developed.NODE_ENV, 'development');
  assert.equal(developed.PATH, process.env.PATH);
  const other = { ...(await specOf(31)), platformUrl: 'http://other.localhost:8080' };
  assert.equal((await page(await serving(driver, other), '/reach')).passwd, 'refused: ERR_ACCESS_DENIED');
  for (const id of [spec.instanceId, other.instanceId]) await driver.destroy(id);
});

describe('process driver over its own death', () => {
  const folder = join(dataDir, 'adopted');

  /** Ensures the instance in a separate operator process which is killed at the given moment. */
  async function ensuredByKilledOperator(spec: InstanceSpec, killAt: 'ensured' | 'spawned') {
    const script = `
      import { openProcessDriver } from ${JSON.stringify(join(import.meta.dirname, 'process.ts'))};
      import { setTimeout as sleep } from 'node:timers/promises';
      const driver = await openProcessDriver(${JSON.stringify({ dataDir: folder, releasePath: fixture })});
      await driver.ensure(${JSON.stringify(spec)}, 'blue');
      process.kill(process.pid, 'SIGKILL');
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    await new Promise((resolve) => child.once('exit', resolve));
    if (killAt === 'spawned') {
      // As if the kill had come after the start and before its record: the id is not written down.
      const path = join(folder, 'instances', spec.instanceId, 'blue.json');
      const record = JSON.parse(await readFile(path, 'utf8'));
      await writeFile(path, JSON.stringify({ ...record, pid: null, birth: null, startedAt: null }));
      return Number(record.pid);
    }
    return undefined;
  }

  test('a later operator adopts the process instead of starting a second', async () => {
    const spec = await specOf(20);
    await ensuredByKilledOperator(spec, 'ensured');
    const driver = await openProcessDriver({ dataDir: folder, releasePath: fixture });
    const before = await driver.inspect(spec.instanceId, 'blue');
    assert.equal(before.presence, 'running');
    const after = await serving(driver, spec);
    assert.deepEqual(after.startedAt, before.startedAt);
    await driver.destroy(spec.instanceId);
  });

  test('also when the kill came before its id was written down', async () => {
    const spec = await specOf(21);
    const pid = await ensuredByKilledOperator(spec, 'spawned');
    const driver = await openProcessDriver({ dataDir: folder, releasePath: fixture });
    assert.ok(pid);
    await serving(driver, spec);
    assert.ok(await processBirth(pid), 'the first process still runs');
    await driver.destroy(spec.instanceId);
    assert.equal(await processBirth(pid), undefined);
  });

  test('the key is in files that only we can read', async () => {
    const spec = await specOf(22);
    const driver = await openProcessDriver({ dataDir: folder, releasePath: fixture });
    await driver.ensure(spec, 'blue');
    const path = join(folder, 'instances', spec.instanceId, 'blue.json');
    assert.equal((await stat(path)).mode & 0o077, 0);
    await driver.destroy(spec.instanceId);
  });
});
