import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, it } from 'node:test';
import { askLocally, collect, send } from './transport.ts';

const folder = mkdtempSync(join(tmpdir(), 'preau-transport-'));
const socketPath = join(folder, 'backend.sock');
const saying = (word: string): Server =>
  createServer(async (request, response) => {
    response.end(`${word} ${request.url} ${Buffer.concat(await request.toArray()).toString()}`);
  });
const byPort = saying('port');
const bySocket = saying('socket');
let url = '';

before(async () => {
  await once(byPort.listen(0, '127.0.0.1'), 'listening');
  await once(bySocket.listen(socketPath), 'listening');
  const address = byPort.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1/x?y=1`;
});
after(() => {
  askLocally(undefined);
  for (const server of [byPort, bySocket]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (body?: string | Readable) => {
  const method = body === undefined ? 'GET' : 'PUT';
  return (await collect(await send(url, { method, headers: {} }, body))).toString();
};

it('asks by the unix socket where there is one, and by the port where it does not answer', async () => {
  assert.equal(await ask(), 'port /v1/x?y=1 ');
  askLocally(socketPath);
  assert.equal(await ask('small'), 'socket /v1/x?y=1 small');
  // It could not be sent a second time.
  assert.equal(await ask(Readable.from(['stream'])), 'port /v1/x?y=1 stream');
  askLocally(join(folder, 'nothing.sock'));
  assert.equal(await ask('small'), 'port /v1/x?y=1 small');
});

it('fails where the answer is cut off', async () => {
  const cutting = createServer((_, response) => {
    response.writeHead(200, { 'content-length': 100 });
    response.write('half', () => response.destroy());
  });
  await once(cutting.listen(join(folder, 'cutting.sock')), 'listening');
  askLocally(join(folder, 'cutting.sock'));
  await assert.rejects(ask());
  cutting.close();
});
