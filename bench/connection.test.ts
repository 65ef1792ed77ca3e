import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { AnswerReader, Connection } from './connection.ts';

const target = (port: number, path: string) => ({ port, host: 'bench.test', path });

/** Reads an answer that comes in pieces of so many bytes. */
function readBy(text: string, size: number): AnswerReader {
  const bytes = Buffer.from(text);
  const reader = new AnswerReader(true);
  let complete = false;
  for (let at = 0; at < bytes.length; at += size) {
    assert.ok(!complete, `complete before byte ${at}`);
    complete = reader.read(bytes.subarray(at, at + size));
  }
  assert.ok(complete);
  return reader;
}

test('an answer is the same whatever the pieces in which it comes', () => {
  const framed = {
    length: 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 11\r\n\r\nhello\r\n\r\n42',
    chunks:
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n8;a=b\r\nlo\r\n\r\n42\r\n0\r\nETag: "x"\r\n\r\n',
    interim: 'HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 11\r\n\r\nhello\r\n\r\n42',
  };
  for (const [name, text] of Object.entries(framed)) {
    for (const size of [1, 2, 3, 7, 1_000]) {
      const reader = readBy(text, size);
      assert.equal(reader.text(), 'hello\r\n\r\n42', `${name} by ${size}`);
      assert.deepEqual([reader.status, reader.bytes, reader.closes], [200, 11, false]);
    }
  }
  assert.equal(readBy('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n', 5).closes, true);
  assert.throws(() => readBy('HTTP/1.1 204 No Content\r\n\r\nmore', 100), /more than the answer/);
  assert.throws(() => readBy('SSH-2.0\r\n\r\n', 100), /no answer/);
  assert.throws(() => readBy('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n', 100), /chunk/);
});

test('a connection is kept, opened again where the server closed it, and tells of a cut answer', async () => {
  let opened = 0;
  const answers: Record<string, RequestListener> = {
    '/small': (_, response) => void response.end('kept'),
    '/streamed': (_, response) => {
      response.setHeader('content-encoding', 'gzip');
      const body = gzipSync('as a page is');
      response.write(body.subarray(0, 9));
      setImmediate(() => response.end(body.subarray(9)));
    },
    '/last': (_, response) => void response.setHeader('connection', 'close').end('last'),
    '/until-closed': (_, response) => {
      response.removeHeader('transfer-encoding');
      response.socket?.end('HTTP/1.1 200 OK\r\n\r\nall');
    },
    '/cut': (_, response) => {
      response.writeHead(200, { 'content-length': 10 }).write('half');
      setImmediate(() => response.destroy());
    },
  };
  const server = createServer((request, response) => answers[request.url ?? '']?.(request, response));
  server.on('connection', () => {
    opened += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const connection = new Connection(port);
  after(() => {
    connection.close();
    server.close();
  });
  const ask = (path: string) => connection.ask(target(port, path), true);

  assert.deepEqual(await ask('/small'), { status: 200, bytes: 4, text: 'kept' });
  assert.equal((await ask('/streamed')).text, 'as a page is');
  assert.equal(opened, 1);
  assert.equal((await ask('/last')).text, 'last');
  assert.equal((await ask('/until-closed')).text, 'all');
  await assert.rejects(ask('/cut'), /closed/);
  assert.equal((await ask('/small')).text, 'kept');
  assert.equal(opened, 4);
});
