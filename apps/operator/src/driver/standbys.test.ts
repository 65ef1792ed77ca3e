import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { generateKey } from '@preau/identity';
import { call } from '../endpoint.ts';
import { until } from '../testing/world.ts';
import type { Driver, InstanceSpec } from './driver.ts';
import { openProcessDriver } from './process.ts';
import { processBirth, processesWith } from './procfs.ts';

const root = await mkdtemp(join(tmpdir(), 'sb-'));
await chmod(root, 0o755);
const fixture = join(root, 'release');
await cp(join(import.meta.dirname, 'fixture'), fixture, { recursive: true });
after(() => rm(root, { recursive: true, force: true }));

const release = { id: 'r1', path: fixture };
const standbys = { min: 1, max: 3, memoryMiB: 256 };
let folders = 0;
let specs = 0;

async function specOf(changes: Partial<InstanceSpec> = {}): Promise<InstanceSpec> {
  const instanceId = `0198a1b2-0000-7000-8000-${String(++specs).padStart(12, '0')}`;
  return {
    instanceId,
    tenantId: '0198a1b2-0000-7000-8000-00000000aaaa',
    release,
    backendUrl: 'http://127.0.0.1:9',
    publicUrl: 'http://localhost:8080',
    platformUrl: 'http://acme.localhost:8080',
    key: await generateKey(`instance:${instanceId}`, 'k1'),
    actionsKey: Buffer.alloc(32, specs).toString('base64'),
    memoryMiB: 256,
    ...changes,
  };
}

/** A driver on a folder of its own, with what else the test needs to know of it. */
async function opened(settings = standbys) {
  const dataDir = join(root, String(++folders));
  const open = () => openProcessDriver({ dataDir, releasePath: fixture, standbys: settings });
  const driver = await open();
  return { dataDir, open, driver, pool: poolOf(driver) };
}

function poolOf(driver: Driver) {
  assert.ok(driver.standbys);
  return driver.standbys;
}

/** The one standby that is free. */
async function theOnlyOne(dataDir: string): Promise<{ id: string; pid: number }> {
  const [name = '', ...more] = (await readdir(join(dataDir, 'standbys'))).filter((one) =>
    one.endsWith('.json'),
  );
  assert.deepEqual(more, []);
  return JSON.parse(await readFile(join(dataDir, 'standbys', name), 'utf8'));
}

async function close(...drivers: Driver[]): Promise<void> {
  for (const driver of drivers) {
    for (const id of await driver.list()) await driver.destroy(id);
    await driver.standbys?.drain();
  }
}

const linux = { skip: process.platform !== 'linux' && 'reads /proc' };

describe('standbys', linux, () => {
  test('a start is a claim: the process that was there, with its own user, folder and log', async () => {
    const { dataDir, driver, pool } = await opened();
    await pool.tend(release, true, 10);
    assert.equal(pool.census.free, 1);
    const { id, pid } = await theOnlyOne(dataDir);
    const socket = join(dataDir, 'run', id, 'claim');
    const folder = await stat(join(dataDir, 'run', id));
    assert.equal(folder.mode & 0o777, 0o700);
    if (driver.capabilities.ownUser) assert.equal(folder.uid, (await stat(`/proc/${pid}`)).uid);

    const spec = await specOf();
    const { endpoint, presence } = await driver.ensure(spec, 'blue');
    assert.equal(presence, 'running');
    assert.equal(endpoint, `unix:${join(dataDir, 'run', id, 'http')}`);
    const answer = JSON.parse((await call(endpoint ?? '', { path: '/healthz', timeoutMs: 1000 })).body);
    assert.deepEqual(answer, { status: 'ok', instance: spec.instanceId, release: 'r1' });
    assert.deepEqual(await driver.logs(spec.instanceId, 'blue', 9), ['listening']);
    assert.match(await readFile(join(dataDir, 'standbys/past.log'), 'utf8'), /standing by/);
    assert.deepEqual(
      { ...pool.census, refillSeconds: 0 },
      { ...pool.census, refillSeconds: 0, free: 0, claimed: 1, cold: 0 },
    );
    await assert.rejects(stat(socket), 'its private socket is gone');

    await driver.destroy(spec.instanceId);
    assert.equal(await processBirth(pid), undefined);
    assert.deepEqual(await readdir(join(dataDir, 'run')), []);
    assert.deepEqual(
      (await readdir(join(dataDir, 'users')).catch(() => [])).filter((name) => name !== 'last'),
      [],
    );
    await close(driver);
  });

  test('what does not fit starts cold: another release, more memory, nobody free', async () => {
    const { driver, pool } = await opened({ ...standbys, max: 1 });
    await pool.tend(release, true, 10);
    for (const spec of [
      await specOf({ release: { id: 'r0', path: fixture } }),
      await specOf({ memoryMiB: 512 }),
    ])
      assert.equal((await driver.ensure(spec, 'blue')).presence, 'running');
    assert.equal(pool.census.free, 1);
    await Promise.all([1, 2].map(async () => driver.ensure(await specOf(), 'blue')));
    assert.equal(pool.census.claimed, 1);
    assert.equal(pool.census.cold, 3);
    await close(driver);
  });

  test('as many are kept as were started lately, within the limits; none while somebody waits', async () => {
    const { driver, pool } = await opened();
    await pool.tend(release, false, 10);
    assert.equal(pool.census.free, 0);
    const started = await Promise.all([1, 2, 3, 4].map(async () => driver.ensure(await specOf(), 'blue')));
    assert.equal(started.length, 4);
    for (let n = 0; n < 5; n++) await pool.tend(release, true, 10);
    assert.equal(pool.census.free, 3);
    const [one] = await driver.list();
    await driver.start(one ?? '', 'blue');
    assert.equal(pool.census.free, 3, 'who runs claims nothing');
    await pool.tend(release, true, 2);
    assert.equal(pool.census.free, 2, 'memory is needed elsewhere');
    await close(driver);
    assert.equal(pool.census.free, 0);
  });

  test('an operator that leaves does not wait for the one that warms up', async () => {
    const slow = join(root, 'slow');
    await cp(fixture, slow, { recursive: true });
    await writeFile(join(slow, 'start.mjs'), 'setInterval(() => {}, 1000);');
    const { dataDir, driver, pool } = await opened();
    const never = assert.rejects(pool.tend({ id: 'slow', path: slow }, true, 10));
    await until('it has started', async () =>
      (await readdir(join(dataDir, 'standbys'))).some((name) => name.endsWith('.log')),
    );
    await pool.drain();
    await never;
    assert.deepEqual(await readdir(join(dataDir, 'run')), []);
    await close(driver);
  });

  test('those of a former release end', async () => {
    const { dataDir, driver, pool } = await opened();
    await pool.tend(release, true, 10);
    const { pid } = await theOnlyOne(dataDir);
    await pool.tend({ id: 'r2', path: fixture }, true, 10);
    assert.equal(await processBirth(pid), undefined);
    assert.equal(pool.census.free, 1);
    assert.equal(
      (await driver.ensure(await specOf({ release: { id: 'r2', path: fixture } }), 'blue')).release,
      'r2',
    );
    assert.equal(pool.census.claimed, 1);
    await close(driver);
  });

  test('one that dies is nobody’s: the next start is cold, and its place is filled', async () => {
    const { dataDir, driver, pool } = await opened();
    await pool.tend(release, true, 10);
    const { id, pid } = await theOnlyOne(dataDir);
    // Stopped, it cannot answer; the kernel still takes the connection.
    process.kill(pid, 'SIGSTOP');
    const spec = await specOf();
    const { endpoint } = await driver.ensure(spec, 'blue');
    assert.equal(endpoint, `unix:${join(dataDir, 'run', spec.instanceId, 'blue')}`);
    assert.equal(await processBirth(pid), undefined, 'half-claimed, it is ended');
    await assert.rejects(stat(join(dataDir, 'run', id)));
    await pool.tend(release, true, 10);
    const next = await theOnlyOne(dataDir);
    process.kill(next.pid, 'SIGKILL');
    await until('the dead one is not counted', () => pool.census.free === 0);
    await pool.tend(release, true, 10);
    assert.equal(pool.census.free, 1);
    await close(driver);
  });

  test('one that does not warm up is ended, told, and not tried again at once', async () => {
    const broken = join(root, 'broken');
    await cp(fixture, broken, { recursive: true });
    await writeFile(join(broken, 'start.mjs'), 'console.log("no door"); process.exit(1);');
    const { dataDir, driver, pool } = await opened();
    await assert.rejects(pool.tend({ id: 'broken', path: broken }, true, 10), /did not warm up.*no door/s);
    await pool.tend({ id: 'broken', path: broken }, true, 10);
    assert.equal(pool.census.failed, 1);
    assert.deepEqual(await readdir(join(dataDir, 'run')), []);
    await pool.tend(release, true, 10);
    assert.equal(pool.census.free, 1, 'another release may start');
    await close(driver);
  });
});

describe('over the operator’s death', linux, () => {
  /** Runs statements in an operator of its own, with `driver`, `pool` and `spec`, and kills it where they end. */
  async function killedAfter(dataDir: string, spec: InstanceSpec, statements: string): Promise<void> {
    const script = `
      import { openProcessDriver } from ${JSON.stringify(join(import.meta.dirname, 'process.ts'))};
      const release = ${JSON.stringify(release)};
      const spec = ${JSON.stringify(spec)};
      const die = () => process.kill(process.pid, 'SIGKILL');
      const driver = await openProcessDriver(${JSON.stringify({ dataDir, releasePath: fixture, standbys })});
      const pool = driver.standbys;
      await pool.tend(release, true, 10);
      ${statements}
      die();
      setInterval(() => {}, 1000);
    `;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'inherit' });
    await once(child, 'exit');
  }

  test('what was free is free again, what was claimed is the instance', async () => {
    const dataDir = join(root, String(++folders));
    const spec = await specOf();
    await killedAfter(
      dataDir,
      spec,
      `await driver.ensure(spec, 'blue'); await pool.tend(release, true, 10);`,
    );
    const { pid } = await theOnlyOne(dataDir);
    const driver = await openProcessDriver({ dataDir, releasePath: fixture, standbys });
    const pool = poolOf(driver);
    const found = await driver.inspect(spec.instanceId, 'blue');
    assert.equal(found.presence, 'running');
    assert.deepEqual((await driver.ensure(spec, 'blue')).startedAt, found.startedAt);
    await pool.tend(release, true, 10);
    assert.equal((await theOnlyOne(dataDir)).pid, pid, 'no second one is started');
    const other = await specOf();
    await driver.ensure(other, 'blue');
    assert.equal(pool.census.claimed, 1);
    await close(driver);
    assert.equal(await processBirth(pid), undefined);
  });

  const moments = {
    'before it was asked': `pool.claim = die;`,
    'while it was asked': `const { claim } = pool; pool.claim = (...all) => { claim.apply(pool, all); setTimeout(die, 3); return new Promise(() => {}); };`,
    'after it had said yes': `const { claim } = pool; pool.claim = async (...all) => { await claim.apply(pool, all); die(); return new Promise(() => {}); };`,
  };
  for (const [moment, statement] of Object.entries(moments))
    test(`a claim that was cut off ${moment} leaves nobody: the process ends, the instance starts anew`, async () => {
      const dataDir = join(root, String(++folders));
      const spec = await specOf();
      await killedAfter(dataDir, spec, `${statement} await driver.ensure(spec, 'blue');`);
      const path = join(dataDir, 'instances', spec.instanceId, 'blue.json');
      const { standby } = JSON.parse(await readFile(path, 'utf8'));
      assert.ok(standby.pid);
      const driver = await openProcessDriver({ dataDir, releasePath: fixture, standbys });
      assert.equal(await processBirth(standby.pid), undefined, 'it is ended before anything is served');
      assert.equal(poolOf(driver).census.free, 0);
      assert.equal((await driver.inspect(spec.instanceId, 'blue')).presence, 'crashed');
      const { endpoint } = await driver.ensure(spec, 'blue');
      assert.ok(endpoint && !endpoint.includes(standby.id));
      await close(driver);
      assert.deepEqual(await processesWith('PREAU_SLOT', `standby/${standby.id}`), []);
    });

  test('one that was still warming up is ended', async () => {
    const dataDir = join(root, String(++folders));
    await killedAfter(dataDir, await specOf(), `pool.drain(); `);
    const dying = await specOf();
    await killedAfter(
      dataDir,
      dying,
      `pool.take(spec); void pool.tend(release, true, 10); await new Promise((r) => setTimeout(r, 60));`,
    );
    const driver = await openProcessDriver({ dataDir, releasePath: fixture, standbys });
    const pool = poolOf(driver);
    await pool.tend(release, true, 10);
    await close(driver);
    assert.deepEqual(await readdir(join(dataDir, 'run')), []);
    assert.deepEqual(
      (await readdir(join(dataDir, 'standbys'))).filter((name) => name.endsWith('.json')),
      [],
    );
  });
});
