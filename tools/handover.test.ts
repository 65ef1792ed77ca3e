/** A service changes its process under load. The service is a small one; `start.test.ts` does it to the real ones. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { controlOf, currentOf, handOver, pointTo } from './handover.ts';
import { root } from './paths.ts';
import { freePort } from './process.ts';
import { Refusal } from './terminal.ts';

const STEADY_MS = 300;
const SLOW_MS = 600;
const POLL_MS = 20;

/** Answers with its version and pid; `/slow` late, `/events` for ever; `/crash` ends it. */
const service = (version: string, fault = '') => `
import { createServer } from 'node:http';
import { serve } from '@preau/contract/handover';
${fault === 'ends' ? 'process.exit(3);' : ''}
const say = JSON.stringify({ version: '${version}', pid: process.pid });
const server = createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  response.setHeader('x-version', '${version}');
  if (request.url === '/crash') process.exit(4);
  if (${fault === 'broken'}) response.statusCode = 500;
  if (request.url === '/events') response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\\n\\n');
  else if (request.url === '/slow') setTimeout(() => response.end(say), ${SLOW_MS});
  else request.resume().on('end', () => response.end(say));
});
await serve(server, { port: Number(process.env.PORT), host: '127.0.0.1' }, (drain) => drain());
process.once('SIGTERM', () => process.exit(0));
`;

let dataDir: string;
let port: number;
let primary: ChildProcess;

function build(version: string, fault?: string): string {
  const folder = join(dataDir, 'services/hub', version);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'main.mjs'), service(version, fault));
  return folder;
}

interface Answer {
  status: number;
  version: string;
  pid: number;
}

async function ask(path: string, agent: Agent | false = false, body?: string): Promise<Answer> {
  const call = request({ host: '127.0.0.1', port, path, agent, method: body ? 'POST' : 'GET' });
  const answered = once(call, 'response') as Promise<[IncomingMessage]>;
  call.end(body);
  const [answer] = await answered;
  return { status: answer.statusCode ?? 0, ...JSON.parse(await text(answer)) };
}

async function until(what: string, true_: () => Promise<boolean>): Promise<void> {
  for (let left = 500; !(await true_()); left--) {
    assert.ok(left > 0, what);
    await sleep(POLL_MS);
  }
}

const gone = async (pid: number) => {
  try {
    return !process.kill(pid, 0);
  } catch {
    return true;
  }
};

before(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'preau-handover-'));
  port = await freePort();
  const current = currentOf(dataDir, 'hub');
  const first = build('one');
  symlinkSync(join(root, 'node_modules'), join(dataDir, 'services/node_modules'));
  pointTo(current, first);
  primary = spawn(
    process.execPath,
    [
      join(root, 'tools/primary.ts'),
      `--control=${controlOf(dataDir, 'hub')}`,
      `--current=${current}`,
      '--main=main.mjs',
      '--probe=/',
    ],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { NODE_ENV: 'production', PATH: process.env.PATH, PORT: String(port) },
    },
  );
  await until('the first process serves', () =>
    ask('/').then(
      () => true,
      () => false,
    ),
  );
});
after(async () => {
  if (primary.exitCode === null) {
    primary.kill('SIGTERM');
    await once(primary, 'exit');
  }
  rmSync(dataDir, { recursive: true, force: true });
});

test('nobody who asks meanwhile is refused, and the former process ends when it has answered', async () => {
  const { pid } = await ask('/');
  const kept = new Agent({ keepAlive: true });
  const idle = new Agent({ keepAlive: true });
  await ask('/', idle);
  const seen: string[] = [];
  const failed: unknown[] = [];
  let going = true;
  const load = async (agent: Agent | false, body?: string) => {
    while (going)
      await ask('/', agent, body).then(
        ({ version }) => seen.push(version),
        (e) => failed.push(e),
      );
  };
  const loads = [kept, kept, kept, kept].map((agent) => load(agent));
  loads.push(load(kept, 'something to keep'.repeat(500)), load(false), load(false, 'x'), load(false));
  try {
    await sleep(STEADY_MS);
    const slow = ask('/slow', kept);
    const events = request({ host: '127.0.0.1', port, path: '/events', agent: false }).end();
    const [stream] = (await once(events, 'response')) as [IncomingMessage];
    const ended = text(stream).catch(() => 'cut');
    await handOver(dataDir, 'hub', build('two'));
    assert.equal((await slow).version, 'one', 'what was under way is answered by the process that began it');
    await ended;
    await sleep(STEADY_MS);
  } finally {
    going = false;
    await Promise.all(loads);
  }

  assert.deepEqual(failed, []);
  assert.ok(seen.includes('one') && seen.includes('two'));
  assert.ok(seen.length > 100, `${seen.length} requests`);
  for (let visit = 0; visit < 10; visit++) assert.equal((await ask('/')).version, 'two');
  // A connection that was idle all the time still leads to somebody, who ends it by that answer.
  assert.equal((await ask('/', idle)).version, 'one');
  assert.equal((await ask('/', idle)).version, 'two');
  await until('the former process ends', () => gone(pid));
  kept.destroy();
  idle.destroy();
});

for (const [fault, why] of [
  ['ends', /ended before it was prepared \(3\)/],
  ['broken', /answered 500 for \//],
] as const)
  test(`a new process that ${fault} leaves the former one serving`, async () => {
    const { pid } = await ask('/');
    await assert.rejects(handOver(dataDir, 'hub', build(fault, fault)), (error: unknown) => {
      assert.ok(error instanceof Refusal);
      assert.match(error.message, why);
      return true;
    });
    assert.equal((await ask('/')).pid, pid);
    assert.match(readlinkSync(currentOf(dataDir, 'hub')), /two$/);
  });

test('a process that crashes is started again from the build that served, and callers wait for it', async () => {
  const { pid } = await ask('/');
  await ask('/crash').catch(() => undefined);
  let refused = 0;
  await until('somebody serves again', () =>
    ask('/').then(
      (answer) => answer.version === 'two' && answer.pid !== pid,
      () => {
        refused++;
        return false;
      },
    ),
  );
  // But for the moment in which the port changes hands, callers wait for the next process.
  assert.ok(refused < 5, `${refused} were refused`);
});
