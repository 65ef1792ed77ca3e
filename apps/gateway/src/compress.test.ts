import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import type { TestGateway } from './testing/gateway.ts';
import { testGateway } from './testing/gateway.ts';

const PAGE = '<p>Bonjour à toutes et à tous</p>'.repeat(200);

describe('compression', () => {
  let gateway: TestGateway;
  let finish: () => void = () => undefined;
  before(async () => {
    gateway = await testGateway({
      hub: (incoming, response) => {
        const url = new URL(incoming.url ?? '/', 'http://x');
        for (const [name, value] of url.searchParams) response.setHeader(name, value);
        if (url.pathname === '/stream') {
          response.setHeader('Content-Type', 'text/html');
          response.write(PAGE);
          finish = () => response.end('<p>end</p>');
        } else response.end(url.pathname === '/small' ? 'small' : PAGE);
      },
    });
  });
  after(() => gateway.close());

  const get = (
    path: string,
    accept = 'gzip, br',
    onFirst: () => void = () => undefined,
  ): Promise<{ answer: IncomingMessage; body: Buffer }> =>
    new Promise((resolve, reject) => {
      request(
        { port: gateway.port, path, headers: { Host: 'preau.test', 'Accept-Encoding': accept } },
        (answer) => {
          const chunks: Buffer[] = [];
          answer.once('data', onFirst);
          answer.on('data', (chunk: Buffer) => chunks.push(chunk));
          answer.on('error', reject);
          answer.on('end', () => resolve({ answer, body: Buffer.concat(chunks) }));
        },
      )
        .on('error', reject)
        .end();
    });

  it('makes up for an application that sends text as it is', async () => {
    const { answer, body } = await get(
      `/?Content-Type=text/html&ETag="x"&Vary=Cookie&Content-Length=${Buffer.byteLength(PAGE)}`,
    );
    assert.equal(answer.headers['content-encoding'], 'gzip');
    assert.equal(answer.headers.vary, 'Cookie, Accept-Encoding');
    assert.equal(answer.headers.etag, 'W/"x"');
    assert.equal(answer.headers['content-length'], undefined);
    assert.ok(body.length < 500);
    assert.equal(gunzipSync(body).toString('utf8'), PAGE);
  });

  it('lets a streamed page stream', async () => {
    // The application ends its page only once the beginning has arrived.
    const { body } = await get('/stream', 'gzip', () => finish());
    assert.ok(gunzipSync(body).toString('utf8').endsWith('<p>end</p>'));
  });

  for (const [why, path, accept] of [
    ['the browser does not ask for it', '/?Content-Type=text/html', 'br'],
    ['the browser refuses it', '/?Content-Type=text/html', 'gzip;q=0, identity'],
    ['it is no text', '/?Content-Type=image/png', 'gzip'],
    ['it is a stream of events', '/?Content-Type=text/event-stream', 'gzip'],
    ['the application forbids it', '/?Content-Type=text/html&Cache-Control=no-transform', 'gzip'],
    ['it is small', '/small?Content-Type=text/html&Content-Length=5', 'gzip'],
  ] as const) {
    it(`leaves an answer alone where ${why}`, async () => {
      const { answer, body } = await get(path, accept);
      assert.equal(answer.headers['content-encoding'], undefined);
      assert.equal(body.toString('utf8'), path.startsWith('/small') ? 'small' : PAGE);
    });
  }

  it('leaves an answer alone where the application has compressed it', async () => {
    const { answer, body } = await get('/?Content-Type=text/html&Content-Encoding=br');
    assert.equal(answer.headers['content-encoding'], 'br');
    assert.equal(body.toString('utf8'), PAGE);
  });
});
