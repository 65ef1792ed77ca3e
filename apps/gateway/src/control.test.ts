import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { route } from '@preau/contract/gateway';
import { listenPrivately } from '@preau/identity/privateSocket';
import { createControl } from './control.ts';
import { RouteTable } from './routes.ts';
import type { Answer, TestGateway, TestServer } from './testing/gateway.ts';
import { ask, testGateway, testServer, until } from './testing/gateway.ts';

describe('the control socket', () => {
  let gateway: TestGateway;
  let lms: TestServer;
  const call = (method: string, path: string, body?: unknown): Promise<Answer> =>
    ask(gateway, { method, path, body: body === undefined ? undefined : JSON.stringify(body) });
  const put = (host: string, target: unknown) =>
    ask(
      { socketPath: gateway.socketPath },
      { method: 'PUT', path: `/routes/${host}`, body: JSON.stringify(target) },
    );
  const control = (method: string, path: string) => ask({ socketPath: gateway.socketPath }, { method, path });

  before(async () => {
    gateway = await testGateway();
    lms = await testServer((_, response) => response.end('lms'));
  });
  after(async () => {
    await gateway.close();
    await lms.close();
  });

  it('is open to our own user only, and not from the public port', async () => {
    assert.equal(statSync(gateway.socketPath).mode & 0o777, 0o600);
    assert.equal((await call('PUT', '/routes/acme.preau.test', { state: 'starting' })).body, 'hub');
  });

  it('puts, reads, lists and deletes a route; the snapshot follows', async () => {
    const answer = await put('Acme.preau.test', {
      state: 'live',
      endpoint: lms.url,
      name: 'Atelier',
      locale: 'fr',
    });
    assert.equal(answer.status, 200);
    assert.equal(JSON.parse(answer.body).host, 'acme.preau.test');
    assert.equal((await ask(gateway, { host: 'acme.preau.test' })).body, 'lms');
    const route = JSON.parse((await control('GET', '/routes/acme.preau.test')).body);
    assert.equal(route.traffic.requests, 1);
    assert.ok(route.traffic.lastRequestAt);
    assert.ok(route.traffic.bytesSent > 'lms'.length, 'heads are counted too');
    assert.equal(
      route.traffic.latency.reduce((sum: number, count: number) => sum + count, 0),
      1,
    );
    assert.equal(JSON.parse((await control('GET', '/routes')).body).items.length, 1);
    const loaded = new RouteTable(gateway.snapshot);
    assert.equal(loaded.get('acme.preau.test')?.upstream?.endpoint, lms.url);
    assert.equal(loaded.get('acme.preau.test')?.name, 'Atelier');
    assert.equal((await control('DELETE', '/routes/acme.preau.test')).status, 204);
    assert.equal((await control('DELETE', '/routes/acme.preau.test')).status, 204);
    assert.equal((await control('GET', '/routes/acme.preau.test')).status, 404);
    assert.equal((await ask(gateway, { host: 'acme.preau.test' })).status, 404);
    assert.equal(new RouteTable(gateway.snapshot).has('acme.preau.test'), false);
  });

  it('keeps the house’s own names', async () => {
    for (const label of ['api', 'pay', 'status', 'www'])
      assert.equal((await put(`${label}.preau.test`, { state: 'starting' })).status, 409, label);
  });

  it('refuses what is no route', async () => {
    const live = { state: 'live', endpoint: lms.url };
    for (const [host, target, status] of [
      ['preau.test', live, 409],
      ['api.preau.test', live, 409],
      ['content--acme.preau.test', live, 409],
      ['-x.preau.test', live, 400],
      ['a%2fb', live, 400],
      ['%E0%A4%A', live, 400],
      ['acme.preau.test', { state: 'live' }, 422],
      ['acme.preau.test', { state: 'live', endpoint: 'http://169.254.169.254:80' }, 422],
      ['acme.preau.test', { state: 'live', endpoint: 'unix:relative' }, 422],
      ['acme.preau.test', { state: 'dancing' }, 422],
      ['acme.preau.test', 'text', 422],
    ] as const) {
      assert.equal((await put(host, target)).status, status, `${host} ${JSON.stringify(target)}`);
    }
  });

  it('saves forty changes at once without losing one', async () => {
    await Promise.all(Array.from({ length: 40 }, (_, i) => put(`p${i}.preau.test`, { state: 'starting' })));
    const saved: { routes: unknown[] } = JSON.parse(readFileSync(gateway.snapshot, 'utf8'));
    assert.equal(saved.routes.length, 40);
    await Promise.all(Array.from({ length: 40 }, (_, i) => control('DELETE', `/routes/p${i}.preau.test`)));
  });

  for (const [state, status, french, english] of [
    ['starting', 503, 'Atelier démarre', 'Atelier is starting'],
    ['sleeping', 503, 'Atelier se réveille', 'Atelier is waking up'],
    ['suspended', 503, 'Atelier\u00a0: accès suspendu', 'Atelier is suspended'],
    ['failed', 503, 'Atelier n’a pas pu démarrer', 'Atelier could not start'],
  ] as const) {
    it(`answers the page of a platform that is ${state}`, async () => {
      await put('acme.preau.test', { state, name: 'Atelier', locale: 'en', endpoint: lms.url });
      const page = (language: string) =>
        ask(gateway, {
          host: 'acme.preau.test',
          headers: { Accept: 'text/html', 'Accept-Language': language },
        });
      const fr = await page('de, fr;q=0.8, en;q=0.5');
      assert.equal(fr.status, status);
      assert.ok(fr.body.includes(`<h1>${french}</h1>`));
      assert.equal(fr.headers['cache-control'], 'no-store');
      assert.ok((await page('en')).body.includes(`<h1>${english}</h1>`));
      assert.ok((await page('de')).body.includes(`<h1>${english}</h1>`), 'the platform’s own language');
      assert.equal(fr.headers['retry-after'] !== undefined, state !== 'suspended');
      assert.equal(fr.headers['preau-state'], state);
      assert.equal(fr.body.includes('<script>'), state === 'starting' || state === 'sleeping');
      assert.equal(
        gateway.routes.get('acme.preau.test')?.traffic.serverErrors,
        0,
        'no error of the instance',
      );
      const problem = await ask(gateway, { host: 'acme.preau.test', headers: { 'Accept-Language': 'en' } });
      const { title, reference } = JSON.parse(problem.body);
      assert.equal(title, english);
      assert.equal(reference, problem.headers['x-request-id']);
    });
  }

  it('counts what it did in Prometheus’s format', async () => {
    const text = (await control('GET', '/metrics')).body;
    assert.match(text, /preau_gateway_requests_total\{part="platform",status="5xx"\} \d+/);
    assert.match(text, /preau_gateway_request_seconds_bucket\{part="hub",le="\+Inf"\} \d+/);
    assert.match(text, /preau_gateway_routes\{state="failed"\} 1/);
  });

  it('reaches an instance by a unix socket', async () => {
    const { createServer } = await import('node:http');
    const path = `${gateway.socketPath}.lms`;
    const behind = createServer((request, response) => response.end(`unix ${request.headers.host}`));
    await new Promise<void>((resolve) => behind.listen(path, resolve));
    await put('acme.preau.test', { state: 'live', endpoint: `unix:${path}` });
    assert.equal((await ask(gateway, { host: 'acme.preau.test' })).body, 'unix acme.preau.test:8080');
    behind.closeAllConnections();
    behind.close();
  });

  it('knows how the process it leads to answers, beside the one before it', async () => {
    const { createServer } = await import('node:http');
    const start = async (name: string, status: number) => {
      const path = `${gateway.socketPath}.${name}`;
      const behind = createServer((_, response) => response.writeHead(status).end());
      await new Promise<void>((resolve) => behind.listen(path, resolve));
      return { behind, target: { state: 'live', endpoint: `unix:${path}` } };
    };
    const blue = await start('blue', 200);
    const green = await start('green', 500);
    const host = 'compared.preau.test';
    const read = async () => route.parse(JSON.parse((await control('GET', `/routes/${host}`)).body));
    await put(host, blue.target);
    for (let times = 0; times < 3; times += 1) await ask(gateway, { host });
    await until(async () => (await read()).serving?.requests === 3);
    await put(host, green.target);
    for (let times = 0; times < 2; times += 1) await ask(gateway, { host });
    await until(async () => (await read()).serving?.requests === 2);
    const { serving, former } = await read();
    assert.deepEqual([serving?.serverErrors, former?.requests, former?.serverErrors], [2, 3, 0]);
    assert.ok(former?.p95Ms);
    await put(host, blue.target);
    const back = await read();
    assert.deepEqual([back.serving?.requests, back.serving?.p95Ms, back.former?.serverErrors], [0, null, 2]);
    for (const { behind } of [blue, green]) {
      behind.closeAllConnections();
      behind.close();
    }
  });

  it('refuses a second gateway on the same socket, and replaces a dead one’s', async () => {
    const second = createControl({
      domain: 'preau.test',
      routes: gateway.routes,
      metrics: gateway.metrics,
      isReady: () => true,
    });
    await assert.rejects(listenPrivately(second, gateway.socketPath), /Another process answers/);
    const dead = `${gateway.socketPath}.dead`;
    writeFileSync(dead, '');
    await listenPrivately(second, dead);
    second.close();
  });

  it('does not start on a snapshot that it cannot read', () => {
    const file = `${gateway.snapshot}.broken`;
    writeFileSync(file, '{"version":1,"routes":[{"host":');
    assert.throws(() => new RouteTable(file), /is not a snapshot of routes/);
  });
});
