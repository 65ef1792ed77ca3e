/** What a hostile client sends, as bytes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type BlockList, connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSettings } from './settings.ts';
import { ask, raw, type TestGateway, testGateway, until } from './testing/gateway.ts';

interface Seen {
  method: string | undefined;
  url: string | undefined;
  host: string | undefined;
  body: string;
}

describe('request smuggling', () => {
  let gateway: TestGateway;
  const seen: Seen[] = [];
  before(async () => {
    gateway = await testGateway({
      hub: (request, response) => {
        let body = '';
        request.setEncoding('latin1').on('data', (text: string) => {
          body += text;
        });
        request.on('end', () => {
          const { method, url, headers } = request;
          seen.push({ method, url, host: headers.host, body });
          response.end('ok');
        });
      },
    });
  });
  after(() => gateway.close());

  const inner = 'GET /smuggled HTTP/1.1\r\nHost: acme.preau.test\r\n\r\n';
  const request = (head: string, body = '', target = '/outer') =>
    `POST ${target} HTTP/1.1\r\nHost: preau.test\r\n${head}\r\n\r\n${body}`;

  const attempts: Record<string, string> = {
    'CL.TE': request('Content-Length: 6\r\nTransfer-Encoding: chunked', `0\r\n\r\n${inner}`),
    'TE.CL': request('Transfer-Encoding: chunked\r\nContent-Length: 4', `1\r\nZ\r\n0\r\n\r\n${inner}`),
    'TE.TE, one hidden': request('Transfer-Encoding: chunked\r\nTransfer-encoding: cow', `0\r\n\r\n${inner}`),
    'TE with a tab': request('Transfer-Encoding:\tchunked, chunked', `0\r\n\r\n${inner}`),
    'TE with a space before the colon': request('Transfer-Encoding : chunked', `0\r\n\r\n${inner}`),
    'TE behind a folded line': request('X: y\r\n Transfer-Encoding: chunked', inner),
    'CL behind a folded line': request('Content-Length: 5\r\n 0', inner),
    'two lengths': request('Content-Length: 0\r\nContent-Length: 60', inner),
    'a list of lengths': request('Content-Length: 0, 60', inner),
    'a signed length': request('Content-Length: +0', inner),
    'a hexadecimal length': request('Content-Length: 0x0', inner),
    'a length with a space in it': request('Content-Length: 6 0', inner),
    'a huge length': request('Content-Length: 99999999999999999999', inner),
    'a negative chunk': request('Transfer-Encoding: chunked', `-1\r\n\r\n${inner}`),
    'a chunk size beyond 64 bits': request(
      'Transfer-Encoding: chunked',
      `fffffffffffffffff\r\nx\r\n${inner}`,
    ),
    'a chunk that ends in a bare LF': request('Transfer-Encoding: chunked', `1\nZ\n0\n\n${inner}`),
    'a bare LF between headers': `POST /outer HTTP/1.1\nHost: preau.test\nContent-Length: 0\n\n${inner}`,
    'a bare CR in a value': request('X: a\rContent-Length: 60', inner),
    'a NUL in a name': request('X\u0000Y: z\r\nContent-Length: 0', inner),
    'two hosts': request('Host: acme.preau.test\r\nContent-Length: 0'),
    'absolute form': request('Content-Length: 0', '', 'http://acme.preau.test/outer'),
    'absolute form with a user': request('Content-Length: 0', '', 'http://x@preau.test/outer'),
    'authority form': 'CONNECT acme.preau.test:80 HTTP/1.1\r\nHost: preau.test\r\n\r\n',
    'HTTP/1.0 with chunks': `POST /outer HTTP/1.0\r\nHost: preau.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${inner}`,
    'HTTP/2’s preface': 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    'HTTP/0.9': 'GET /outer\r\n\r\n',
    'a space before the first header': 'POST /outer HTTP/1.1\r\n X: y\r\nHost: preau.test\r\n\r\n',
    'no host': 'GET /outer HTTP/1.1\r\n\r\n',
  };

  for (const [name, bytes] of Object.entries(attempts)) {
    it(name, async () => {
      seen.length = 0;
      const answer = await raw(gateway.port, bytes);
      assert.doesNotMatch(answer, /^HTTP\/1\.1 2/, answer.slice(0, 200));
      assert.equal(seen.filter(({ url }) => url !== '/outer').length, 0, JSON.stringify(seen));
    });
  }

  it('two requests in one packet are two requests, each with its own body and host', async () => {
    seen.length = 0;
    const two = `${request('Content-Length: 3', 'one')}POST /outer HTTP/1.1\r\nHost: preau.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3;x=y\r\ntwo\r\n0\r\nX-Trailer: t\r\n\r\n`;
    await raw(gateway.port, two);
    assert.deepEqual(
      // A small body is gathered first: the second request may overtake the first, as on two connections.
      seen.map(({ host, body }) => `${host} ${body}`).sort(),
      ['preau.test:8080 one', 'preau.test:8080 two'],
    );
  });

  it('refuses more than a hundred headers', async () => {
    const headers = Object.fromEntries(Array.from({ length: 120 }, (_, i) => [`X-${i}`, 'y']));
    assert.equal((await ask(gateway, { headers })).status, 400);
  });
});

describe('slow clients', () => {
  it('ends a body that stands still, and a head that never comes, without holding the process behind', async () => {
    let reached = 0;
    let gone = 0;
    const gateway = await testGateway({
      bodySilenceMs: 300,
      hub: (request) => {
        reached += 1;
        request.on('error', () => {
          gone += 1;
        });
        request.resume();
      },
    });
    // A small one does not reach the process before it is whole; a large one is cut off there too.
    for (const [length, times] of [
      [1_000, 0],
      [100_000, 1],
    ]) {
      const answer = await raw(
        gateway.port,
        `POST / HTTP/1.1\r\nHost: preau.test\r\nContent-Length: ${length}\r\n\r\na`,
      );
      assert.match(answer, /^HTTP\/1\.1 408/);
      await until(() => reached === times && gone === times && gateway.metrics.inFlight === 0);
    }
    await gateway.close();
  });

  it('lets a body take its time that keeps coming', async () => {
    const gateway = await testGateway({
      bodySilenceMs: 300,
      hub: (request, response) => {
        let size = 0;
        request.on('data', (chunk: Buffer) => {
          size += chunk.length;
        });
        request.on('end', () => response.end(String(size)));
      },
    });
    const socket = connect(gateway.port, '127.0.0.1');
    let text = '';
    socket.setEncoding('latin1').on('data', (part: string) => {
      text += part;
    });
    socket.write('POST / HTTP/1.1\r\nHost: preau.test\r\nConnection: close\r\nContent-Length: 10\r\n\r\n');
    for (let i = 0; i < 10; i += 1) {
      await sleep(60);
      socket.write('x');
    }
    await once(socket, 'close');
    assert.match(text, /^HTTP\/1\.1 200[\s\S]*10\r?\n?/);
    await gateway.close();
  });

  it('has a limit for heads, requests, connections and idle ones', async () => {
    const gateway = await testGateway();
    const { server } = gateway;
    const { headersTimeout, requestTimeout, keepAliveTimeout, maxConnections } = server;
    assert.ok(headersTimeout > 0 && headersTimeout <= 15_000);
    assert.ok(requestTimeout > 0 && requestTimeout <= 600_000);
    assert.ok(keepAliveTimeout > 0 && keepAliveTimeout <= 65_000);
    assert.ok(maxConnections > 0);
    await gateway.close();
  });
});

describe('the visitor’s address', () => {
  const told = async (trustedProxies: BlockList, forwarded: string): Promise<string> => {
    const gateway = await testGateway({
      trustedProxies,
      hub: (request, response) => response.end(request.headers['x-forwarded-for']),
    });
    const { body } = await ask(gateway, { headers: { 'X-Forwarded-For': forwarded } });
    await gateway.close();
    return body;
  };
  const proxies = (text: string) =>
    readSettings({
      PREAU_PUBLIC_URL: 'http://preau.test',
      PORT: '0',
      HUB_URL: 'http://127.0.0.1:1',
      BACKEND_URL: 'http://127.0.0.1:1',
      GATEWAY_CONTROL: '/x',
      TRUSTED_PROXIES: text,
    }).TRUSTED_PROXIES;

  for (const [trusted, forwarded, expected] of [
    ['', '203.0.113.7', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['127.0.0.0/8', '1.2.3.4, 203.0.113.7', '203.0.113.7'],
    ['127.0.0.1, 10.0.0.0/8', '1.2.3.4, 203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['127.0.0.1', '', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.7:4444', '127.0.0.1'],
    ['127.0.0.1, 2001:db8::/32', '2001:db9::1, 2001:db8::9', '2001:db9::1'],
    ['127.0.0.1', '::ffff:203.0.113.9', '203.0.113.9'],
  ] as const) {
    it(`${JSON.stringify(forwarded)} behind ${trusted || 'nobody'} is ${expected}`, async () => {
      assert.equal(await told(proxies(trusted), forwarded), expected);
    });
  }

  it('says which network cannot be read', () => {
    for (const bad of ['10.0.0.0/33', 'proxy.example', '10.0.0.0/', '::1/129'])
      assert.throws(() => proxies(bad), /TRUSTED_PROXIES/);
  });
});

describe('the gateway’s own answers', () => {
  for (const publicUrl of ['http://preau.test:8080', 'https://preau.test']) {
    it(`carry every security header on ${publicUrl}`, async () => {
      const gateway = await testGateway({ publicUrl });
      await gateway.routes.put('down.preau.test', { state: 'live', endpoint: 'http://127.0.0.1:9' });
      await gateway.routes.put('off.preau.test', { state: 'suspended' });
      await gateway.routes.put('soon.preau.test', { state: 'starting' });
      for (const host of [
        'none.preau.test',
        'down.preau.test',
        'off.preau.test',
        'soon.preau.test',
        'x.test',
      ])
        for (const accept of ['text/html', 'application/json']) {
          const { headers } = await ask(gateway, { host, headers: { Accept: accept } });
          const csp = String(headers['content-security-policy']);
          assert.match(csp, /^default-src 'none';/);
          assert.doesNotMatch(csp, /unsafe/);
          for (const directive of ['base-uri', 'form-action', 'frame-ancestors'])
            assert.ok(csp.includes(`${directive} 'none'`));
          assert.equal(headers['x-content-type-options'], 'nosniff');
          assert.equal(headers['referrer-policy'], 'no-referrer');
          assert.equal(headers['cross-origin-opener-policy'], 'same-origin');
          assert.equal(headers['cross-origin-resource-policy'], 'same-origin');
          assert.ok(headers['permissions-policy']);
          assert.equal(headers['cache-control'], 'no-store');
          assert.equal(headers['strict-transport-security'] !== undefined, publicUrl.startsWith('https:'));
        }
      await gateway.close();
    });
  }
});
