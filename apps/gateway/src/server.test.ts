import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { TestGateway, TestServer } from './testing/gateway.ts';
import { ask, raw, testGateway, testServer } from './testing/gateway.ts';

describe('routing by Host', () => {
  let gateway: TestGateway;
  let lms: TestServer;
  before(async () => {
    gateway = await testGateway();
    lms = await testServer((request, response) => response.end(`lms ${request.url}`));
    await gateway.routes.put('acme.preau.test', { state: 'live', endpoint: lms.url });
  });
  after(async () => {
    await gateway.close();
    await lms.close();
  });

  for (const [host, body] of [
    ['preau.test', 'hub'],
    ['preau.test:8080', 'hub'],
    ['PREAU.test.', 'hub'],
    ['api.preau.test', 'backend'],
    ['pay.preau.test', 'sandbox'],
    ['content--acme.preau.test', 'backend'],
    ['acme.preau.test', 'lms /x?y=1'],
    ['ACME.preau.test.:80', 'lms /x?y=1'],
  ]) {
    it(`${host} → ${body}`, async () => {
      const answer = await ask(gateway, { host: host ?? '', path: '/x?y=1' });
      assert.equal(answer.status, 200);
      assert.equal(answer.body, body);
    });
  }

  for (const [host, status] of [
    ['unknown.preau.test', 404],
    ['evil.example', 421],
    ['127.0.0.1', 421],
    ['a.b.preau.test', 421],
    ['content--a.b.preau.test', 421],
    ['preau.test.evil.example', 421],
    ['xpreau.test', 421],
    ['..preau.test', 400],
    ['-a.preau.test', 400],
    ['a_b.preau.test', 400],
    ['preau.test/../x', 400],
    ['acme.preau.test:99999', 400],
    ['acme.preau.test@evil.example', 400],
    [`${'a'.repeat(64)}.preau.test`, 400],
  ] as const) {
    it(`${host} → ${status}`, async () => {
      const answer = await ask(gateway, { host });
      assert.equal(answer.status, status);
      assert.equal(answer.headers['content-type'], 'application/problem+json');
    });
  }

  it('refuses two Host headers, none, an absolute target and other methods', async () => {
    assert.match(
      await raw(gateway.port, 'GET / HTTP/1.1\r\nHost: preau.test\r\nHost: acme.preau.test\r\n\r\n'),
      /^HTTP\/1.1 400/,
    );
    assert.match(await raw(gateway.port, 'GET / HTTP/1.1\r\n\r\n'), /^HTTP\/1.1 400/);
    assert.match(
      await raw(gateway.port, 'GET http://evil.example/ HTTP/1.1\r\nHost: preau.test\r\n\r\n'),
      /^HTTP\/1.1 400/,
    );
    assert.match(await raw(gateway.port, 'TRACE / HTTP/1.1\r\nHost: preau.test\r\n\r\n'), /^HTTP\/1.1 405/);
  });

  it('leads status to the page that depends on nothing else', async () => {
    assert.equal((await ask(gateway, { host: 'status.preau.test' })).body, 'status');
  });

  it('leads www to the bare domain', async () => {
    const answer = await ask(gateway, { host: 'www.preau.test', path: '//evil.example/?a=b' });
    assert.equal(answer.status, 308);
    assert.ok(answer.headers.location?.startsWith('http://preau.test:8080/'));
  });

  it('answers its own health to a load balancer that names no host of ours', async () => {
    assert.equal((await ask(gateway, { host: '127.0.0.1:8080', path: '/healthz' })).body, '{"status":"ok"}');
  });
});
