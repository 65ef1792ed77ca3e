import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { ApiUnreachable, createClient } from './client.ts';

let asked: string[] = [];
/** Loses the first question of each test, as a process does that is killed. */
const server = createServer((request, response) => {
  asked.push(request.method ?? '');
  if (asked.length === 1) request.socket.destroy();
  else response.writeHead(200, { 'content-type': 'application/json' }).end('{"items":[]}');
});
let baseUrl: string;
before(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
after(() => {
  server.close();
  server.closeAllConnections();
});

test('what reads is asked once more where its connection broke', async () => {
  asked = [];
  const { items } = await createClient({ baseUrl }).listDesiredInstances();
  assert.deepEqual([items, asked], [[], ['GET', 'GET']]);
});

test('what writes is not: only its author knows whether twice is once', async () => {
  asked = [];
  const { advanceRollout } = createClient({ baseUrl });
  await assert.rejects(advanceRollout({ body: { room: 1 } }), ApiUnreachable);
  assert.deepEqual(asked, ['POST']);
});
