import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, testServer } from './testing/gateway.ts';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function start(folder: string, port: number, environment: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      HOST_BIND: '127.0.0.1',
      PREAU_PUBLIC_URL: `http://preau.test:${port}`,
      HUB_URL: 'http://127.0.0.1:9',
      BACKEND_URL: 'http://127.0.0.1:9',
      GATEWAY_CONTROL: join(folder, 'gateway.sock'),
      DATA_DIR: folder,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function ready(folder: string): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt++) {
    const answer = await ask({ socketPath: join(folder, 'gateway.sock') }, { path: '/healthz' }).catch(
      () => undefined,
    );
    if (answer?.status === 200) return;
    await sleep(25);
  }
  throw new Error('the gateway did not become ready');
}

async function said(child: ChildProcess): Promise<string> {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += chunk));
  await once(child, 'close');
  return text;
}

describe('the process', () => {
  const folders: string[] = [];
  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'preau-gateway-main-'));
    folders.push(made);
    return made;
  };
  after(() => {
    for (const made of folders) rmSync(made, { recursive: true, force: true });
  });

  async function freePort(): Promise<number> {
    const probe = await testServer(() => undefined);
    await probe.close();
    return probe.port;
  }

  it('knows its routes again after kill -9, and leaves within 5 s at SIGTERM with an open stream', async () => {
    const lms = await testServer((request, response) => {
      response.write('data: 1\n\n');
      if (request.url === '/once') response.end();
    });
    const where = folder();
    const port = await freePort();
    const first = start(where, port);
    await ready(where);
    const put = await ask(
      { socketPath: join(where, 'gateway.sock') },
      {
        method: 'PUT',
        path: '/routes/acme.preau.test',
        body: JSON.stringify({ state: 'live', endpoint: lms.url }),
      },
    );
    assert.equal(put.status, 200);
    first.kill('SIGKILL');
    await once(first, 'exit');

    const second = start(where, port);
    await ready(where);
    assert.equal((await ask({ port }, { host: 'acme.preau.test', path: '/once' })).body, 'data: 1\n\n');
    const stream = fetch(`http://127.0.0.1:${port}/`, { headers: { Host: 'acme.preau.test' } }).catch(
      () => undefined,
    );
    await sleep(100);
    const began = Date.now();
    second.kill('SIGTERM');
    const [code] = await once(second, 'exit');
    assert.equal(code, 0);
    assert.ok(Date.now() - began < 5_000);
    await stream;
    await lms.close();
  });

  it('says what to do where the port is taken or a setting is missing', async () => {
    const taken = await testServer(() => undefined);
    const busy = start(folder(), taken.port);
    assert.match(
      await said(busy),
      new RegExp(`Port ${taken.port} is taken by another program\\. Stop it, or`),
    );
    assert.equal(busy.exitCode, 1);
    await taken.close();
    const incomplete = start(folder(), 0, { HUB_URL: 'ftp://x' });
    assert.match(await said(incomplete), /HUB_URL/);
    assert.equal(incomplete.exitCode, 1);
  });
});
