import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, cp, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sleepAnswer } from '@preau/contract/wake';
import { generateKey, type PrivateKeyFile, publicKeyOf } from '@preau/identity';
import pg from 'pg';
import { openProcessDriver } from '../driver/process.ts';
import { processesWith } from '../driver/procfs.ts';
import { call } from '../endpoint.ts';
import { contentOf } from '../releases/digest.ts';
import type { DesiredInstance } from '../workflows/context.ts';
import { testDatabaseUrl } from './database.ts';
import { Ledger } from './ledger.ts';

const source = join(import.meta.dirname, '..');
const root = join(import.meta.dirname, '../../../..');
const gatewayMain = join(import.meta.dirname, '../../../gateway/src/main.ts');
const fixture = join(import.meta.dirname, '../driver/fixture');

/** A real PostgreSQL, a real gateway, the ledger, and operators as processes that a test may kill. */
export interface World {
  ledger: Ledger;
  databaseUrl: string;
  dataDir: string;
  publicPort: number;
  /** Where the gateway is told of routes. */
  control: string;
  /** What the operator signs its tokens with. */
  key: PrivateKeyFile;
  /** Where a further machine keeps what it runs, made for it. */
  addMachine(
    name: string,
  ): Promise<Record<'MACHINE' | 'DATA_DIR' | 'USER_IDS_DIR' | 'OPERATOR_CONTROL', string>>;
  /** @param code the operator's sources: ours, unless a test brings a changed copy */
  startOperator(env?: Record<string, string>, code?: string): Promise<ChildProcess>;
  startGateway(): Promise<ChildProcess>;
  /** Puts an artefact where the operator finds it by its id. */
  publish(id: string, folder?: string): Promise<{ id: string; digest: string }>;
  notify(kind: 'operation' | 'inbox'): Promise<void>;
  /** What a visitor of the host gets. */
  visit(host: string, path: string): Promise<{ status: number; body: string }>;
  close(): Promise<void>;
}

export async function openWorld(options: { release?: string } = {}): Promise<World> {
  const dataDir = await mkdtemp(join(tmpdir(), 'ow-'));
  await chmod(dataDir, 0o755);
  const database = await testDatabaseUrl();
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const key = await generateKey('operator', 'operator-1');
  const keyFile = join(dataDir, 'operator.key.json');
  await writeFile(keyFile, JSON.stringify(key), { mode: 0o600 });
  const ledger = await new Ledger(publicKeyOf(key)).open();
  const publicPort = await freePort();
  const control = join(dataDir, 'gateway.sock');
  const operatorControl = join(dataDir, 'operator.sock');
  const folders = [dataDir];
  const children = new Set<ChildProcess>();
  const shared = {
    PATH: process.env.PATH ?? '',
    PREAU_PUBLIC_URL: `http://localhost:${publicPort}`,
    BACKEND_URL: ledger.url,
    DATA_DIR: dataDir,
    GATEWAY_CONTROL: control,
    OPERATOR_CONTROL: operatorControl,
    HOST_BIND: '127.0.0.1',
    SANDBOX_URL: 'http://127.0.0.1:9',
    ...(process.env.NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE } : {}),
  };

  async function start(main: string, env: Record<string, string>, name: string): Promise<ChildProcess> {
    const child = spawn(process.execPath, [main], {
      env: { ...shared, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const log = createWriteStream(join(dataDir, `${name}.log`), { flags: 'a' });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    children.add(child);
    child.once('exit', () => children.delete(child));
    return child;
  }

  return {
    ledger,
    databaseUrl: database.url,
    dataDir,
    publicPort,
    control,
    key,
    async addMachine(name) {
      const folder = await mkdtemp(join(tmpdir(), 'om-'));
      await chmod(folder, 0o755);
      folders.push(folder);
      return {
        MACHINE: name,
        DATA_DIR: folder,
        USER_IDS_DIR: join(dataDir, 'users'),
        OPERATOR_CONTROL: join(folder, 'operator.sock'),
      };
    },
    async startOperator(env = {}, code = source) {
      const port = await freePort();
      const child = await start(
        join(code, 'main.ts'),
        {
          PORT: String(port),
          OPERATOR_DATABASE_URL: database.url,
          SERVICE_KEY_FILE: keyFile,
          LMS_RELEASE_DIR: options.release ?? fixture,
          LMS_RELEASE: 'r1',
          COMPARE_SECONDS: '0.5',
          SANDBOX_API_KEY: 'sandbox_sk_test',
          // Tests count processes by what they were started with.
          STANDBY_MAX: '0',
          ...env,
        },
        'operator',
      );
      await untilOk(`http://127.0.0.1:${port}`, child);
      return child;
    },
    async startGateway() {
      const child = await start(gatewayMain, { PORT: String(publicPort), HUB_URL: ledger.url }, 'gateway');
      await untilOk(`unix:${control}`, child);
      return child;
    },
    async publish(id, folder = fixture) {
      const copy = join(dataDir, 'releases', id);
      await cp(folder, copy, { recursive: true });
      return { id, digest: (await contentOf(copy)).digest };
    },
    async notify(kind) {
      await client.query('SELECT pg_notify($1, $2)', [
        'preau_work',
        JSON.stringify({ kind, id: randomUUID() }),
      ]);
    },
    visit: (host, path) =>
      call(`http://127.0.0.1:${publicPort}`, { path, host, userAgent: 'Visitor', timeoutMs: 5000 }),
    async close() {
      const left = [...children].map((child) => once(child, 'exit'));
      for (const child of children) child.kill('SIGKILL');
      await Promise.all(left);
      for (const folder of folders) {
        const driver = await openProcessDriver({ dataDir: folder, releasePath: fixture });
        for (const id of await driver.list()) await driver.destroy(id);
        await driver.standbys?.drain();
      }
      ledger.close();
      await client.end();
      await database.drop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The operator's sources, copied into the folder, as a later version changes them. */
export async function copySource(folder: string): Promise<string> {
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const copy = join(folder, 'src');
  await cp(source, copy, { recursive: true });
  return copy;
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

async function untilOk(endpoint: string, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null)
      throw new Error(`a process ended with ${child.exitCode} before it was ready`);
    const answer = await call(endpoint, { path: '/healthz', timeoutMs: 1000 }).catch(() => undefined);
    if (answer?.status === 200) return;
    await sleep(20);
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || !address) throw new Error('no port');
  return address.port;
}

/** Waits for something that comes about by itself. */
export async function until(
  what: string,
  done: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(20);
  }
}

/** The processes of an instance, whoever started them. */
export const processesOf = (instanceId: string) => processesWith('INSTANCE_ID', instanceId);

/** An instance that is live. */
export async function provisioned(
  { ledger, notify, publicPort }: World,
  slug: string,
): Promise<DesiredInstance> {
  const instance = ledger.addInstance(slug, publicPort);
  const operation = ledger.openOperation(instance.id, 'provision');
  await notify('operation');
  const { state, error } = await ledger.over(operation.id);
  assert.equal(state, 'succeeded', error ?? '');
  return instance;
}

/** Puts an instance to sleep as staff do. */
export async function fallAsleep({ dataDir }: Pick<World, 'dataDir'>, { host }: DesiredInstance) {
  const answer = await call(`unix:${join(dataDir, 'operator.sock')}`, {
    method: 'POST',
    path: `/sleeps/${host}`,
    timeoutMs: 20_000,
  });
  return sleepAnswer.parse(JSON.parse(answer.body));
}

/** A sleeper has neither process nor key. */
export async function rests({ ledger }: World, { id, power }: DesiredInstance): Promise<void> {
  assert.equal(power, 'sleeping');
  assert.deepEqual(await processesOf(id), []);
  assert.ok(!ledger.keys.has(id), 'no key');
}

/** What the ledger can be told to answer. */
export const refusal = {
  status: 409,
  body: {
    type: 'urn:preau:problem:conflict',
    name: 'conflict',
    title: 'conflict',
    status: 409,
    detail: 'refused by the test',
    reference: 'test',
  },
};
