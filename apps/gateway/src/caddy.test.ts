/** The production front proxy: the real Caddy, with the file that is deployed, before a real gateway and an ACME authority. */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request as plain, type RequestOptions } from 'node:http';
import { request as secure } from 'node:https';
import { type AddressInfo, BlockList } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, connect } from 'node:tls';
import { freePort } from '../../../tools/process.ts';
import { createCertificates, isCertified } from './certificates.ts';
import { type Authority, noAuthority, startAuthority } from './testing/authority.ts';
import { type TestGateway, testGateway, testServer } from './testing/gateway.ts';

const CADDY = '/usr/bin/caddy';
const FILE = join(import.meta.dirname, '../../../deploy/caddy/Caddyfile');
const skip = existsSync(CADDY) ? noAuthority() : 'the Debian package caddy is not installed';

test('certificates are got for the house and for platforms that are there, not for what could be one', () => {
  const routed = new Set(['atelier.preau.test', 'formation.exemple.fr']);
  const options = { domain: 'preau.test', routes: { has: (host: string) => routed.has(host) } };
  const asked = (further: ('pay' | 'status')[], ...names: string[]) =>
    names.map((name) => isCertified(name, { ...options, further }));
  assert.deepEqual(
    asked(
      ['status'],
      'preau.test',
      'WWW.preau.test',
      'api.preau.test',
      'status.preau.test',
      'atelier.preau.test',
      'content--atelier.preau.test',
      'formation.exemple.fr',
    ),
    Array(7).fill(true),
  );
  assert.deepEqual(
    asked(
      [],
      'pay.preau.test',
      'invente.preau.test',
      'content--invente.preau.test',
      'content--formation.exemple.fr',
      'a.atelier.preau.test',
      'exemple.fr',
      'preau.test:443',
      'preau.test.',
      '[::1]',
      '127.0.0.1',
      '',
    ),
    Array(11).fill(false),
  );
});

describe('Caddy in front of the gateway', { skip }, () => {
  let gateway: TestGateway;
  let platform: Awaited<ReturnType<typeof testServer>>;
  let caddy: ChildProcess;
  let ports: { http: number; https: number };
  let authority: Authority;
  let said = '';
  const folder = mkdtempSync(join(tmpdir(), 'preau-caddy-'));
  const seen: IncomingMessage['headers'][] = [];
  const certificates = { close: () => undefined as unknown };

  before(async () => {
    const trustedProxies = new BlockList();
    trustedProxies.addAddress('127.0.0.1');
    gateway = await testGateway({
      publicUrl: 'https://preau.test',
      trustedProxies,
      hub: (request, response) => {
        seen.push(request.headers);
        response.end('hub');
      },
    });
    platform = await testServer((_, response) => response.end('atelier'));
    await gateway.routes.put('atelier.preau.test', { state: 'live', endpoint: platform.url });
    const asked = createCertificates({ domain: 'preau.test', routes: gateway.routes, further: [] });
    certificates.close = () => asked.close();
    asked.listen(0, '127.0.0.1');
    await once(asked, 'listening');
    ports = { http: await freePort(), https: await freePort() };
    authority = await startAuthority(folder, ports);
    caddy = spawn(CADDY, ['run', '--config', FILE, '--adapter', 'caddyfile'], {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        XDG_DATA_HOME: folder,
        XDG_CONFIG_HOME: folder,
        DOMAIN: 'preau.test',
        ACME_EMAIL: 'nobody@preau.test',
        GATEWAY: `127.0.0.1:${gateway.port}`,
        CERTIFICATES_PORT: String((asked.address() as AddressInfo).port),
        HTTP_PORT: String(ports.http),
        HTTPS_PORT: String(ports.https),
        ACME_DIRECTORY: authority.directory,
        SSL_CERT_FILE: authority.certificate,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    caddy.stderr?.on('data', (bytes: Buffer) => {
      said += bytes;
    });
    while (!said.includes('serving initial configuration')) {
      assert.equal(caddy.exitCode, null, said);
      await sleep(20);
    }
  });
  after(async () => {
    if (caddy?.exitCode === null) {
      caddy.kill('SIGTERM');
      await once(caddy, 'exit');
    }
    await authority?.close();
    certificates.close();
    await platform?.close();
    await gateway?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function ask(scheme: 'http' | 'https', host: string, options: RequestOptions = {}) {
    const { headers, ...others } = options;
    const what = { host: '127.0.0.1', headers: { host, ...headers }, agent: false, ...others };
    const sent =
      scheme === 'http'
        ? plain({ ...what, port: ports.http })
        : secure({ ...what, port: ports.https, servername: host, ca: authority.root });
    sent.end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
  }

  async function handshake(options: ConnectionOptions) {
    const socket = connect({
      host: '127.0.0.1',
      port: ports.https,
      servername: 'preau.test',
      ca: authority.root,
      ...options,
    });
    try {
      await once(socket, 'secureConnect');
      return { protocol: socket.getProtocol(), cipher: socket.getCipher().standardName };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    } finally {
      socket.destroy();
    }
  }

  test('a certificate comes by ACME for the hub and a platform; no authority is asked for a name that nothing answers at', async () => {
    assert.equal((await ask('https', 'preau.test')).body, 'hub');
    assert.equal((await ask('https', 'atelier.preau.test')).body, 'atelier');
    for (const servername of ['invente.preau.test', 'ailleurs.exemple'])
      assert.match(String(await handshake({ servername })), /alert/, servername);
    assert.match(authority.said(), /atelier\.preau\.test/);
    assert.doesNotMatch(authority.said(), /invente|ailleurs/);
  });

  test('TLS 1.2 and 1.3 by ciphers that hold, nothing older', async () => {
    const at = (version: 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3', ciphers?: string) =>
      handshake({
        minVersion: version,
        maxVersion: version,
        ...(ciphers ? { ciphers } : {}),
      });
    const newest = await at('TLSv1.3');
    assert.ok(typeof newest === 'object' && newest.protocol === 'TLSv1.3', JSON.stringify(newest));
    const older = await at('TLSv1.2');
    assert.ok(typeof older === 'object' && /^TLS_ECDHE_.*_GCM_/.test(older.cipher), JSON.stringify(older));
    assert.match(String(await at('TLSv1.1', 'DEFAULT@SECLEVEL=0')), /alert/);
    for (const cipher of ['ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES128-SHA256', 'AES128-GCM-SHA256'])
      assert.match(String(await at('TLSv1.2', `${cipher}:@SECLEVEL=0`)), /alert/, cipher);
  });

  test('who asks is told by Caddy alone, and HSTS by those behind', async () => {
    seen.length = 0;
    await ask('https', 'preau.test', {
      headers: {
        'x-forwarded-for': '203.0.113.9',
        'x-forwarded-proto': 'http',
        forwarded: 'for=203.0.113.9',
      },
    });
    const [{ host, ...headers } = { host: '' }] = seen;
    assert.deepEqual(
      [host, headers['x-forwarded-for'], headers['x-forwarded-proto'], headers.forwarded],
      ['preau.test', '127.0.0.1', 'https', undefined],
    );
    const www = await ask('https', 'www.preau.test', { path: '/pricing' });
    assert.deepEqual([www.status, www.headers.location], [308, 'https://preau.test/pricing']);
    assert.equal(www.headers['strict-transport-security'], 'max-age=63072000; includeSubDomains');
    assert.equal(www.headers.server, undefined);
  });

  test('pages in plain text lead on to TLS; the API, forms and whoever sends a token are refused', async () => {
    const page = await ask('http', 'atelier.preau.test', { path: '/courses?page=2' });
    assert.deepEqual(
      [page.status, page.headers.location],
      [308, 'https://atelier.preau.test/courses?page=2'],
    );
    for (const [host, options] of [
      ['api.preau.test', {}],
      ['atelier.preau.test', { method: 'POST' }],
      ['preau.test', { headers: { authorization: 'Bearer x' } }],
    ] as const) {
      const refused = await ask('http', host, options);
      assert.deepEqual([refused.status, refused.headers.location], [403, undefined], host);
    }
  });
});
