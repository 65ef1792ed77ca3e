/** What a newcomer's first command does, on the builds that are there, as an ordinary user where the test runs as root. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { get, type IncomingMessage, request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type CollectedSpan,
  type Collector,
  openCollector,
} from '../packages/telemetry/src/testing/collector.ts';
import { build } from './build.ts';
import { currentOf, type HandedOver, handOver } from './handover.ts';
import { root } from './paths.ts';
import { freePort } from './process.ts';

const RUNNING_MS = 120_000;
const LIVE_MS = 60_000;
const POLL_MS = 200;
const STEADY_MS = 500;
const BETWEEN_MS = 20;
const LAST_MIGRATION = /name: "\d{8}_\d{6}_\w+"\s*\}(?=\s*\];)/;
const linux = process.platform === 'linux';

/** Debian's `nobody`: has a name, which PostgreSQL wants, and nothing else. Undefined where we are ordinary ourselves. */
const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

let dataDir = '';
let collector: Collector;

interface Launch {
  child: ChildProcess;
  /** What it has printed. */
  said(): string;
}

function launch(port: number, folder = dataDir): Launch {
  const child = spawn(process.execPath, [join(root, 'tools/start.ts')], {
    cwd: root,
    env: {
      NODE_ENV: 'production',
      PATH: process.env.PATH,
      PORT: String(port),
      DATA_DIR: folder,
      TMPDIR: dataDir,
      HOME: dataDir,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_BSP_SCHEDULE_DELAY: '200',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...stranger,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  return { child, said: () => output };
}

async function running({ child, said }: Launch): Promise<void> {
  const deadline = Date.now() + RUNNING_MS;
  while (!said().includes('Ctrl-C stops everything')) {
    assert.equal(child.exitCode, null, said());
    assert.ok(Date.now() < deadline, said());
    await sleep(POLL_MS);
  }
}

/** Node does not resolve `*.localhost`: by address, with the name as Host. */
function statusOf(host: string, port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    get({ host: '127.0.0.1', port, path, headers: { host: `${host}:${port}` } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    }).on('error', () => resolve(undefined));
  });
}

/** What a browser sends by a form of the hub. */
function submit(
  port: number,
  path: string,
  fields: Record<string, string>,
  cookie = '',
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const host = `localhost:${port}`;
    const headers = {
      host,
      origin: `http://${host}`,
      accept: 'text/html',
      'content-type': 'application/x-www-form-urlencoded',
      cookie,
    };
    request({ host: '127.0.0.1', port, path, method: 'POST', headers }, (answer) => {
      answer.resume();
      resolve(answer);
    })
      .on('error', reject)
      .end(new URLSearchParams(fields).toString());
  });
}

/** The first trace with all of these spans, written `service name`. */
async function traceWith(...wanted: RegExp[]): Promise<CollectedSpan[]> {
  const deadline = Date.now() + LIVE_MS;
  for (;;) {
    const byTrace = Object.values(Object.groupBy(collector.spans, ({ traceId }) => traceId));
    const found = byTrace.find((spans = []) =>
      wanted.every((one) => spans.some(({ service, name }) => one.test(`${service} ${name}`))),
    );
    if (found) return found;
    const names = new Set(collector.spans.map(({ service, name }) => `${service} ${name}`));
    assert.ok(Date.now() < deadline, `no trace with ${wanted.join(', ')}, but ${[...names].join(', ')}`);
    await sleep(POLL_MS);
  }
}

/** What caused a span, and what caused that, up to the first. */
function causesOf(span: CollectedSpan | undefined, trace: CollectedSpan[]): string[] {
  if (!span) return [];
  return [
    span.service,
    ...causesOf(
      trace.find(({ spanId }) => spanId === span.parentSpanId),
      trace,
    ),
  ];
}

async function untilLive(port: number): Promise<void> {
  const deadline = Date.now() + LIVE_MS;
  while ((await statusOf('demo.localhost', port, '/sign-in')) !== 200) {
    assert.ok(Date.now() < deadline, 'the demonstration’s platform does not answer');
    await sleep(POLL_MS);
  }
}

/** The build that a service runs, as another one. */
function otherBuild(service: HandedOver): string {
  const folder = realpathSync(currentOf(dataDir, service));
  spawnSync('cp', ['-RP', folder, `${folder}-next`], stranger);
  return `${folder}-next`;
}

const MIGRATION = '29991231_000000_handed_over';

/** Another build, whose backend first adds a column to tables that every request reads, and fills it. */
function buildThatMigrates(): string {
  const folder = otherBuild('backend');
  const bundle = globSync(join(folder, 'dist/*.js')).find((file) =>
    LAST_MIGRATION.test(readFileSync(file, 'utf8')),
  );
  assert.ok(bundle, 'the list of migrations is in the bundle');
  const changes = ['plans', 'instances', 'users'].flatMap((table) => [
    `ALTER TABLE ${table} ADD COLUMN handed_over varchar`,
    `UPDATE ${table} SET handed_over = id::text`,
  ]);
  const added = `{ name: '${MIGRATION}', up: async ({ db }) => { for (const change of ${JSON.stringify(changes)}) await db.execute(change); } }`;
  writeFileSync(bundle, readFileSync(bundle, 'utf8').replace(LAST_MIGRATION, `$&, ${added}`));
  return folder;
}

/** Processes that name the data folder in their arguments or environment, and whose they are. */
function left(): { pid: number; uid: number; command: string }[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && pid !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        if (!(command + readFileSync(`/proc/${pid}/environ`, 'utf8')).includes(dataDir)) return [];
        return [{ pid, uid: statSync(`/proc/${pid}`).uid, command }];
      } catch {
        return [];
      }
    });
}

async function stop({ child, said }: Launch): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGINT');
  assert.deepEqual(await ended, [0, null], said());
  assert.match(said(), /✓ Stopped/);
}

describe('npm start as an ordinary user', { skip: !linux && 'reads /proc' }, () => {
  let port = 0;
  let first: Launch;

  before(async () => {
    // Not in the folder of this run's other temporary files, which may be closed to others.
    dataDir = mkdtempSync('/tmp/preau-start-');
    await build();
    collector = await openCollector();
    chmodSync(dataDir, 0o755);
    if (stranger.uid !== undefined) chownSync(dataDir, stranger.uid, stranger.gid);
    port = await freePort();
    first = launch(port);
  });
  after(() => {
    first.child.kill('SIGKILL');
    for (const { pid } of left()) process.kill(pid, 'SIGKILL');
    collector.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  test('brings up the hub and the demonstration’s platform, all as that user', async () => {
    await running(first);
    assert.equal(await statusOf('localhost', port, '/'), 200);
    await untilLive(port);
    const expected = stranger.uid ?? process.getuid?.();
    assert.deepEqual(
      left().filter(({ uid }) => uid !== expected),
      [],
    );
  });

  test('a request is one trace from the gateway to its statements, as is an operation, and none names anybody', async () => {
    for (const [host, path, face] of [
      ['localhost', '/tarifs', 'hub'],
      ['demo.localhost', '/catalogue', 'lms'],
    ] as const) {
      await statusOf(host, port, `${path}?email=claire@atelier.test`);
      const trace = await traceWith(/^gateway GET/, new RegExp(`^${face} GET`), /^backend SELECT/);
      const statement = trace.find(({ attributes }) => attributes['db.system.name'] === 'postgresql');
      const way = causesOf(statement, trace).filter((service, at, all) => service !== all[at - 1]);
      assert.deepEqual(way, ['backend', face, 'gateway']);
    }
    const operation = await traceWith(
      /^operator operation provision/,
      /^operator step start-process/,
      /^backend PUT .*steps/,
    );
    const told = operation.find(({ service, name }) => service === 'backend' && name.startsWith('PUT'));
    assert.deepEqual(new Set(causesOf(told, operation)), new Set(['backend', 'operator']));

    // From a click on the hub to the operator's steps.
    const signedIn = await submit(port, '/sign-in?/password', {
      email: 'claire@atelier.test',
      password: 'preau-demo-2026',
    });
    const cookie = signedIn.headers['set-cookie']?.map((one) => one.split(';')[0]).join('; ');
    const [instance] = readdirSync(join(dataDir, 'instances'));
    const clicked = await submit(port, `/account/platforms/${instance}?/restart`, {}, cookie);
    assert.ok((clicked.statusCode ?? 500) < 400, `${signedIn.statusCode}, ${clicked.statusCode}`);
    const click = await traceWith(/^gateway POST/, /^operator operation restart/, /^operator step /);
    const step = click.find(({ service, name }) => service === 'operator' && name.startsWith('step '));
    const way = causesOf(step, click).filter((service, at, all) => service !== all[at - 1]);
    assert.deepEqual(way, ['operator', 'backend', 'hub', 'gateway']);
    assert.doesNotMatch(JSON.stringify(collector.spans), /@|claire|email=/);
  });

  test('lines of logs go to the collector too, with the trace that they belong to, and name nobody', async () => {
    const services = ['backend', 'gateway', 'lms', 'operator'];
    const deadline = Date.now() + LIVE_MS;
    const missing = () => services.filter((one) => !collector.lines.some(({ service }) => service === one));
    while (missing().length > 0) {
      assert.ok(Date.now() < deadline, `no line of ${missing().join(', ')}`);
      await sleep(POLL_MS);
    }
    const known = new Set(collector.spans.map(({ traceId }) => traceId));
    assert.ok(collector.lines.some(({ traceId }) => traceId && known.has(traceId)));
    const listening = collector.lines.find(
      ({ service, message }) => service === 'lms' && message === 'listening',
    );
    assert.equal(listening?.level, 'info');
    assert.match(String(listening?.attributes.instance), /^[0-9a-f-]{36}$/);
    assert.doesNotMatch(JSON.stringify(collector.lines), /\.test\b|claire/i);
  });

  test('backend and hub change their processes under load, with a migration in it, and nobody is refused', async () => {
    const visits = [
      ['localhost', '/', 200],
      ['localhost', '/tarifs', 200],
      ['api.localhost', '/v1/plans', 200],
      ['demo.localhost', '/sign-in', 200],
      ['demo.localhost', '/', 307],
    ] as const;
    const statuses: Record<string, number> = {};
    let going = true;
    const load = visits.map(async ([host, path]) => {
      while (going) {
        const key = `${host}${path} ${await statusOf(host, port, path)}`;
        statuses[key] = (statuses[key] ?? 0) + 1;
        await sleep(BETWEEN_MS);
      }
    });
    try {
      await sleep(STEADY_MS);
      await handOver(dataDir, 'backend', buildThatMigrates());
      await handOver(dataDir, 'hub', otherBuild('hub'));
      await sleep(STEADY_MS);
      const broken = otherBuild('backend');
      writeFileSync(join(broken, 'dist/main.js'), 'throw new Error("no good")');
      await assert.rejects(handOver(dataDir, 'backend', broken), /The former backend goes on/);
    } finally {
      going = false;
      await Promise.all(load);
    }
    assert.match(
      readFileSync(join(dataDir, 'logs/backend.log'), 'utf8'),
      new RegExp(`migrating ${MIGRATION}`),
    );
    assert.deepEqual(
      Object.keys(statuses).sort(),
      visits.map(([host, path, status]) => `${host}${path} ${status}`).sort(),
      JSON.stringify(statuses),
    );
  });

  test('a port in use is named, with a remedy', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    assert.ok(address && typeof address === 'object');
    const refused = launch(address.port, join(dataDir, 'other'));
    const [code] = await once(refused.child, 'exit');
    other.close();
    assert.equal(code, 1, refused.said());
    assert.match(refused.said(), new RegExp(`Port ${address.port} is in use[\\s\\S]*PORT=`));
  });

  test('a killed launcher is healed by the next start, which Ctrl-C ends whole', async () => {
    const killed = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await killed;
    const second = launch(port);
    first = second;
    await running(second);
    assert.match(second.said(), /Ended \d+ processes that a killed run had left/);
    await untilLive(port);
    await stop(second);
    assert.deepEqual(left(), []);
  });
});
