import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { refuseUnread } from './unread.ts';

/**
 * What a server answers to these bytes.
 * @param within how long it waits for a request, in milliseconds
 * @param late keeps the process busy for longer than that before it reads
 */
async function answerTo(bytes: string, { within = 60_000, late = false } = {}): Promise<string> {
  const server = createServer(
    { headersTimeout: within, connectionsCheckingInterval: 20, maxHeaderSize: 1024 },
    (_, response) => response.end('read'),
  );
  server.on('clientError', refuseUnread);
  if (late)
    server.once('connection', () =>
      setImmediate(() => {
        for (const end = Date.now() + 4 * within; Date.now() < end; );
      }),
    );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  const [status = ''] = (await text(socket)).split('\r\n', 1);
  server.close();
  return status;
}

const WHOLE = 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';

test('a request that a busy process came to too late is not called malformed', async () => {
  assert.equal(await answerTo(WHOLE), 'HTTP/1.1 200 OK');
  assert.equal(await answerTo(WHOLE, { within: 100, late: true }), 'HTTP/1.1 408 Request Timeout');
});

test('what comes too slowly, is too long or no HTTP is told so', async () => {
  assert.equal(
    await answerTo('GET / HTTP/1.1\r\nHost: a\r\n', { within: 100 }),
    'HTTP/1.1 408 Request Timeout',
  );
  assert.equal(
    await answerTo(`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(2_000)}\r\n\r\n`),
    'HTTP/1.1 431 Request Header Fields Too Large',
  );
  assert.equal(await answerTo('BONJOUR\r\n\r\n'), 'HTTP/1.1 400 Bad Request');
});
