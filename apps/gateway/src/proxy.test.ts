import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestGateway, TestServer } from './testing/gateway.ts';
import { ask, raw, testGateway, testServer, until } from './testing/gateway.ts';

const opened: { close: () => Promise<void> }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});
const keep = <T extends { close: () => Promise<void> }>(one: T): T => {
  opened.push(one);
  return one;
};
const gatewayWith = async (...parts: Parameters<typeof testGateway>): Promise<TestGateway> =>
  keep(await testGateway(...parts));
const server = async (...parts: Parameters<typeof testServer>): Promise<TestServer> =>
  keep(await testServer(...parts));

describe('headers', () => {
  it('replaces what outsiders may not say and keeps the rest', async () => {
    const gateway = await gatewayWith({
      hub: (incoming, response) => {
        response.setHeader('X-Request-Id', 'forged by the application');
        response.setHeader('Set-Cookie', ['a=1', 'b=2']);
        response.end(JSON.stringify(incoming.headers));
      },
    });
    const answer = await ask(gateway, {
      host: 'PREAU.test:1234',
      headers: {
        'X-Forwarded-For': '1.2.3.4',
        'X-Forwarded-Host': 'evil.example',
        'X-Forwarded-Proto': 'https',
        'X-Forwarded-Prefix': '/evil',
        Forwarded: 'for=1.2.3.4',
        'X-Real-IP': '1.2.3.4',
        'X-Request-Id': 'forged',
        Connection: 'close, X-Secret',
        'X-Secret': 'between two hops',
        TE: 'trailers',
        Cookie: 'session=1',
        'Accept-Language': 'fr',
      },
    });
    const seen: Record<string, string> = JSON.parse(answer.body);
    assert.equal(seen.host, 'preau.test:8080');
    assert.equal(seen['x-forwarded-for'], '127.0.0.1');
    assert.equal(seen['x-forwarded-host'], 'preau.test:8080');
    assert.equal(seen['x-forwarded-proto'], 'http');
    assert.match(seen['x-request-id'] ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(answer.headers['x-request-id'], seen['x-request-id']);
    for (const gone of ['x-forwarded-prefix', 'forwarded', 'x-real-ip', 'x-secret', 'te']) {
      assert.equal(seen[gone], undefined, gone);
    }
    assert.equal(seen.cookie, 'session=1');
    assert.equal(seen['accept-language'], 'fr');
    assert.deepEqual(answer.headers['set-cookie'], ['a=1', 'b=2']);
  });

  it('refuses ambiguous framing (request smuggling)', async () => {
    const seen: string[] = [];
    const gateway = await gatewayWith({
      hub: (incoming, response) => {
        seen.push(incoming.url ?? '');
        incoming.resume().on('end', () => response.end('ok'));
      },
    });
    const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: preau.test\r\n\r\n';
    for (const head of [
      'Content-Length: 5\r\nTransfer-Encoding: chunked',
      'Content-Length: 5\r\nContent-Length: 6',
      'Transfer-Encoding: chunked, identity',
      'Transfer-Encoding: xchunked',
      'Transfer-Encoding : chunked',
      'Content-Length: +5',
    ]) {
      const answer = await raw(
        gateway.port,
        `POST /first HTTP/1.1\r\nHost: preau.test\r\n${head}\r\n\r\n0\r\n\r\n${smuggled}`,
      );
      assert.match(answer, /^HTTP\/1\.1 400/, head);
    }
    // A Connection header that names Content-Length must not change where the body ends.
    await raw(
      gateway.port,
      `GET /body HTTP/1.1\r\nHost: preau.test\r\nConnection: content-length\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    );
    await until(() => seen.includes('/body'));
    await sleep(50);
    assert.ok(!seen.includes('/smuggled'), seen.join(' '));
  });

  it('refuses a head of more than 32 kB and logs neither query nor one-time token', async () => {
    const gateway = await gatewayWith();
    assert.equal((await ask(gateway, { headers: { 'X-Long': 'x'.repeat(40_000) } })).status, 431);
    await ask(gateway, { path: '/invitation/abcdefghijklmnopqrstuvwxyz012345?token=secret' });
    await until(() => gateway.logged.some((one) => one.includes('/invitation')));
    const line = JSON.parse(gateway.logged.at(-1) ?? '{}');
    assert.equal(line.path, '/invitation/…');
    assert.equal(line.status, 200);
    assert.ok(!gateway.logged.join('').includes('secret'));
    const signed = `${'eyJ'.repeat(120)}.${'s'.repeat(43)}`;
    await ask(gateway, { host: 'content--acme.preau.test', path: `/p/${signed}/visite/index.html` });
    await until(() => gateway.logged.some((one) => one.includes('/p/')));
    assert.equal(JSON.parse(gateway.logged.at(-1) ?? '{}').path, '/p/…/visite/index.html');
  });
});

describe('bodies', () => {
  it('streams 128 MiB up and down unchanged, and stops the sender while nobody reads', async () => {
    const chunk = randomBytes(1024 * 1024);
    const chunks = 128;
    const size = chunks * chunk.length;
    const gateway = await gatewayWith({
      bodyLimitBytes: size,
      hub: (incoming, response) => {
        response.writeHead(200, { 'Content-Length': size });
        incoming.pipe(response);
      },
    });
    const outgoing = request({
      port: gateway.port,
      method: 'POST',
      headers: { Host: 'preau.test', 'Content-Length': size },
    });
    const sent = createHash('sha256');
    let written = 0;
    const answered = once(outgoing, 'response');
    const all = (async () => {
      for (; written < chunks; written++) {
        sent.update(chunk);
        if (!outgoing.write(chunk)) await once(outgoing, 'drain');
      }
      outgoing.end();
    })();
    const [incoming]: IncomingMessage[] = await answered;
    assert.ok(incoming);
    let stood = -1;
    while (stood !== written) {
      stood = written;
      await sleep(300);
    }
    // What the kernel's socket buffers of four hops may hold; a proxy that buffers would have taken all.
    assert.ok(written < 64, `${written} MiB were taken though nobody read the answer`);
    const received = createHash('sha256');
    incoming.on('data', (bytes: Buffer) => received.update(bytes));
    await Promise.all([all, once(incoming, 'end')]);
    assert.equal(received.digest('hex'), sent.digest('hex'));
  });

  it('stops a body that is too large, whether announced or not', async () => {
    const gateway = await gatewayWith({
      bodyLimitBytes: 1000,
      hub: (incoming, response) => incoming.resume().on('end', () => response.end('ok')),
    });
    assert.equal((await ask(gateway, { method: 'POST', body: Buffer.alloc(1000) })).status, 200);
    assert.equal((await ask(gateway, { method: 'POST', body: Buffer.alloc(1001) })).status, 413);
    const chunked = `POST / HTTP/1.1\r\nHost: preau.test\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2000)}\r\n0\r\n\r\n`;
    assert.match(await raw(gateway.port, chunked), /^HTTP\/1\.1 413/);
  });

  it('passes a chunked body and a GET with a body whole', async () => {
    const gateway = await gatewayWith({
      hub: (incoming, response) => {
        incoming.pipe(response);
      },
    });
    for (const method of ['POST', 'GET', 'DELETE']) {
      const answer = await ask(gateway, {
        method,
        headers: { 'Transfer-Encoding': 'chunked' },
        body: `body of ${method}`,
      });
      assert.equal(answer.body, `body of ${method}`);
    }
  });

  it('tells the application when the client leaves, and the client when the application breaks off', async () => {
    let gone: (value: string) => void = () => undefined;
    const left = new Promise<string>((resolve) => {
      gone = resolve;
    });
    const gateway = await gatewayWith({
      hub: (incoming, response) => {
        response.writeHead(200, { 'Content-Type': 'text/plain' });
        response.write('begin');
        if (incoming.url === '/break') setTimeout(() => response.destroy(), 20);
        response.on('close', () => gone('left'));
      },
    });
    const outgoing = request({ port: gateway.port, headers: { Host: 'preau.test' } });
    outgoing.on('error', () => undefined).end();
    const [incoming]: IncomingMessage[] = await once(outgoing, 'response');
    incoming?.on('error', () => undefined);
    outgoing.destroy();
    assert.equal(await Promise.race([left, sleep(5_000)]), 'left');
    await assert.rejects(ask(gateway, { path: '/break' }), /aborted|hang up/);
  });
});

describe('server-sent events and WebSockets', () => {
  it('passes each event at once', async () => {
    const gateway = await gatewayWith({
      hub: (_, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.flushHeaders();
        let count = 0;
        const timer = setInterval(() => response.write(`data: ${count++}\n\n`), 30);
        response.on('close', () => clearInterval(timer));
      },
    });
    const outgoing = request({ port: gateway.port, headers: { Host: 'preau.test' } });
    outgoing.on('error', () => undefined).end();
    const [incoming]: IncomingMessage[] = await once(outgoing, 'response');
    assert.ok(incoming);
    let events = 0;
    incoming.on('error', () => undefined);
    incoming.on('data', () => events++);
    // The stream never ends: whatever arrives was not held back.
    await until(() => events >= 4);
    outgoing.destroy();
  });

  it('joins a WebSocket both ways, and hands back a refusal', async () => {
    const hub = await testServer((_, response) => response.writeHead(401, { 'X-Why': 'no' }).end('refused'));
    keep(hub);
    const gateway = await gatewayWith();
    await gateway.routes.put('acme.preau.test', { state: 'live', endpoint: hub.url });
    const refused = await raw(gateway.port, handshake('acme.preau.test'));
    assert.match(refused, /^HTTP\/1\.1 401 [\s\S]*X-Why: no[\s\S]*refused$/);

    const seen: Record<string, string | string[] | undefined>[] = [];
    hub.server.on('upgrade', (incoming, socket, head) => {
      seen.push(incoming.headers);
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\nhello ',
      );
      if (head.length > 0) socket.write(head);
      socket.on('data', (bytes: Buffer) => socket.write(bytes.toString().toUpperCase()));
      socket.on('error', () => undefined);
      socket.on('end', () => socket.end());
    });
    const socket = connect(gateway.port, '127.0.0.1');
    let text = '';
    socket.on('data', (bytes: Buffer) => {
      text += bytes.toString();
    });
    socket.write(handshake('acme.preau.test'));
    await until(() => text.endsWith('hello '));
    socket.write('ping');
    await until(() => text.endsWith('PING'));
    assert.match(text, /^HTTP\/1\.1 101 [\s\S]*\r\n\r\nhello PING$/);
    assert.equal(seen[0]?.['x-forwarded-for'], '127.0.0.1');
    assert.equal(seen[0]?.upgrade, 'websocket');
    assert.equal(gateway.metrics.webSockets, 1);
    socket.destroy();
    await until(() => gateway.metrics.webSockets === 0);
  });

  it('answers a WebSocket for an unknown platform with the page, and ignores other upgrades', async () => {
    const gateway = await gatewayWith();
    assert.match(await raw(gateway.port, handshake('nobody.preau.test')), /^HTTP\/1\.1 404/);
    const h2c = 'GET / HTTP/1.1\r\nHost: preau.test\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\n\r\n';
    assert.match(await raw(gateway.port, h2c), /^HTTP\/1\.1 200 [\s\S]*hub/);
  });
});

const handshake = (host: string) =>
  `GET /socket HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`;

describe('a process that is not there', () => {
  it('answers the branded page with the reference, never what the application said', async () => {
    const gateway = await gatewayWith();
    await gateway.routes.put('acme.preau.test', {
      state: 'live',
      endpoint: 'http://127.0.0.1:9',
      name: 'Atelier <script>',
    });
    const answer = await ask(gateway, {
      host: 'acme.preau.test',
      headers: { Accept: 'text/html', 'Accept-Language': 'en' },
    });
    assert.equal(answer.status, 502);
    assert.match(answer.body, /Atelier &lt;script&gt; is not answering/);
    assert.ok(answer.body.includes(String(answer.headers['x-request-id'])));
    assert.ok(!answer.body.includes('ECONNREFUSED'));
    assert.equal((await ask(gateway, { host: 'acme.preau.test', method: 'POST', body: 'x' })).status, 502);
  });

  it('tries again where a kept-alive connection turned out to be closed', async () => {
    let sockets = 0;
    const lms = await server((_, response) => response.end('ok'));
    lms.server.keepAliveTimeout = 60_000;
    lms.server.on('connection', () => sockets++);
    const gateway = await gatewayWith();
    await gateway.routes.put('acme.preau.test', { state: 'live', endpoint: lms.url });
    for (let i = 0; i < 5; i++) {
      assert.equal((await ask(gateway, { host: 'acme.preau.test' })).body, 'ok');
      lms.server.closeAllConnections();
    }
    assert.ok(sockets >= 2);
  });

  it('survives an application that speaks no HTTP', async () => {
    const { createServer } = await import('node:net');
    let say = '';
    const rude = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(say, 'latin1'));
    });
    await new Promise<void>((resolve) => rude.listen(0, '127.0.0.1', resolve));
    keep({ close: () => new Promise((resolve) => rude.close(() => resolve())) });
    const address = rude.address();
    assert.ok(address !== null && typeof address === 'object');
    const gateway = await gatewayWith();
    const endpoint = `http://127.0.0.1:${address.port}`;
    await gateway.routes.put('acme.preau.test', { state: 'live', endpoint });
    for (const [said, status] of [
      ['', 502],
      ['hello', 502],
      ['HTTP/1.1 099 Odd\r\n\r\n', 502],
      ['HTTP/1.1 000 Odd\r\nContent-Length: 0\r\n\r\n', 502],
      ['HTTP/1.1 101 Switching\r\n\r\n', 502],
      ['HTTP/1.1 200 \u0001\u00e9\r\nContent-Length: 2\r\n\r\nok', 200],
      ['HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', 502],
      ['HTTP/1.1 200 OK\r\nX: a\u0000b\r\nContent-Length: 0\r\n\r\n', 502],
      ['HTTP/1.1 200 OK\nContent-Length: 0\n\n', 502],
    ] as const) {
      say = said;
      const answer = await ask(gateway, { host: 'acme.preau.test' });
      assert.equal(answer.status, status, JSON.stringify(said));
      const upgraded = await raw(gateway.port, handshake('acme.preau.test'));
      assert.ok(!upgraded.includes('hello'), said);
    }
    const entry = gateway.routes.get('acme.preau.test');
    await until(() => entry?.traffic.inFlight === 0 && entry.upstream?.inFlight === 0);
  });

  it('answers every odd request line without falling over', async () => {
    const gateway = await gatewayWith({ hub: (incoming, response) => response.end(`hub ${incoming.url}`) });
    for (const target of [
      '/a\u007fb',
      '/\u00e9',
      '/%00',
      '/a\tb',
      '/..//%2e%2e/',
      '/#x',
      '/\u0001',
      '//x',
      '/?\u00ff',
      '*',
      '\\x',
    ]) {
      const answer = await raw(
        gateway.port,
        `GET ${target} HTTP/1.1\r\nHost: preau.test\r\nConnection: close\r\n\r\n`,
      );
      assert.match(answer, /^HTTP\/1\.1 (200|400) /, JSON.stringify(target));
    }
    assert.equal((await ask(gateway, { path: '/still-here' })).body, 'hub /still-here');
  });

  it('lets an application answer before it has read an upload', async () => {
    const gateway = await gatewayWith({
      bodyLimitBytes: 64 * 1024 * 1024,
      hub: (_, response) => response.writeHead(401).end('sign in first'),
    });
    const answer = await ask(gateway, { method: 'POST', body: Buffer.alloc(8 * 1024 * 1024) });
    assert.deepEqual([answer.status, answer.body], [401, 'sign in first']);
    await until(() => gateway.metrics.inFlight === 0);
  });

  it('swaps and drains under load without one failed request', async () => {
    const make = (name: string) =>
      server((_, response) => {
        setTimeout(() => response.end(name), 5);
      });
    let current = await make('v0');
    const gateway = await gatewayWith();
    await gateway.routes.put('acme.preau.test', { state: 'live', endpoint: current.url });
    const seen = new Map<string, number>();
    let running = true;
    const load = Array.from({ length: 16 }, async () => {
      while (running) {
        const method = Math.random() < 0.3 ? 'POST' : 'GET';
        const answer = await ask(gateway, {
          host: 'acme.preau.test',
          method,
          body: method === 'POST' ? 'x' : undefined,
        });
        seen.set(`${answer.status} ${answer.body}`, (seen.get(`${answer.status} ${answer.body}`) ?? 0) + 1);
      }
    });
    for (let version = 1; version <= 4; version++) {
      await sleep(150);
      const next = await make(`v${version}`);
      await gateway.routes.put('acme.preau.test', { state: 'live', endpoint: next.url });
      for (;;) {
        const draining = gateway.routes.describe('acme.preau.test')?.draining ?? [];
        if (draining.length === 0) break;
        await sleep(5);
      }
      const old = current;
      await new Promise<void>((resolve) => {
        old.server.close(() => resolve());
        old.server.closeIdleConnections();
      });
      current = next;
    }
    await sleep(100);
    running = false;
    await Promise.all(load);
    for (const key of seen.keys()) assert.match(key, /^200 v\d$/);
    assert.equal(seen.size, 5);
    assert.equal(gateway.routes.get('acme.preau.test')?.traffic.serverErrors, 0);
    await until(() => gateway.routes.get('acme.preau.test')?.traffic.inFlight === 0);
  });
});
