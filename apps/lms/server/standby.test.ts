import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { site } from '@preau/contract/tenant/site';
import { generateKey } from '@preau/identity';

/* The artefact as it was built: what survives a claim shows only there. */
const artefact = join(import.meta.dirname, '../.next/standalone');
const built = existsSync(join(artefact, 'apps/lms/start.mjs'));
const folder = mkdtempSync(join(tmpdir(), 'sb-'));
const KEY = 'NEXT_SERVER_ACTIONS_ENCRYPTION_KEY';
/** Tells the key that Next would read now. */
const spy = `data:text/javascript,process.on('SIGUSR2',()=>process.stdout.write('key '+process.env.${KEY}+'\\n'))`;

/** What the backend was asked, and by whose token. */
const asked: { url: string; issuer: unknown }[] = [];
const sites = new Map<string, ReturnType<typeof site.parse>>();
const backend = createServer((incoming, response) => {
  const [, payload = ''] = incoming.headers.authorization?.split('.') ?? [];
  const { iss: issuer } = JSON.parse(Buffer.from(payload, 'base64url').toString() || '{}');
  asked.push({ url: incoming.url ?? '', issuer });
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(sites.get(issuer)));
});

interface Standby {
  child: ChildProcess;
  socket: string;
  /** What it wrote so far. */
  wrote(): string;
}

async function standby(): Promise<Standby> {
  const home = mkdtempSync(join(folder, 'home-'));
  const socket = join(home, 'claim');
  const start = [`--import=${spy}`, join(artefact, 'apps/lms/start.mjs')];
  const child = spawn(process.execPath, start, {
    // The build's own compiled code stays as it is.
    env: { NODE_ENV: 'production', RELEASE: 'r1', STANDBY: socket, NODE_DISABLE_COMPILE_CACHE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let written = '';
  child.stdout?.setEncoding('utf8').on('data', (part: string) => {
    written += part;
  });
  while (!existsSync(socket)) {
    assert.equal(child.exitCode, null, written);
    await sleep(50);
  }
  return { child, socket, wrote: () => written };
}

interface Answer {
  status: number | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

async function ask(socketPath: string, path: string, headers = {}, json?: unknown): Promise<Answer> {
  const method = json === undefined ? 'GET' : 'POST';
  const outgoing = request({ socketPath, path, method, headers, agent: false });
  outgoing.end(json === undefined ? undefined : JSON.stringify(json));
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: answer.statusCode, headers: answer.headers, body: await text(answer) };
}

async function environmentOf(slug: string, platformUrl: string, changes = {}) {
  const id = `0198a1b2-0000-7000-8000-${Buffer.from(slug).toString('hex').padStart(12, '0').slice(-12)}`;
  return {
    INSTANCE_ID: id,
    TENANT_ID: id,
    RELEASE: 'r1',
    BACKEND_URL: `http://127.0.0.1:${(backend.address() as AddressInfo).port}`,
    PREAU_PUBLIC_URL: 'http://localhost:8080',
    PLATFORM_URL: platformUrl,
    LISTEN: join(folder, slug),
    INSTANCE_KEY: JSON.stringify(await generateKey(`instance:${id}`, slug)),
    [KEY]: Buffer.alloc(32, slug).toString('base64'),
    ...changes,
  };
}

async function keyOf({ child, wrote }: Standby): Promise<string | undefined> {
  const before = wrote().length;
  child.kill('SIGUSR2');
  for (;;) {
    const [, key] = /^key (.*)$/m.exec(wrote().slice(before)) ?? [];
    if (key) return key;
    await sleep(10);
  }
}

const nonceOf = ({ headers }: Answer) =>
  /'nonce-([^']+)'/.exec(String(headers['content-security-policy']))?.[1] ?? '';

describe('a standby of the built artefact', { skip: !built && 'the LMS is not built' }, () => {
  const running: Standby[] = [];
  before(() => new Promise<void>((listening) => backend.listen(0, '127.0.0.1', listening)));
  after(async () => {
    backend.close();
    for (const { child } of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  test('two that are claimed share nothing with each other, nor with who they were before', async () => {
    running.push(...(await Promise.all([standby(), standby()])));
    const [one, two] = running;
    assert.ok(one && two);
    assert.deepEqual(asked, [], 'warming up asks no backend');
    assert.doesNotMatch(
      (await keyOf(one)) ?? '',
      /^[\w+/=]+$/,
      'there is no key to read before there is a tenant',
    );

    const lycee = await environmentOf('lycee', 'http://lycee.localhost:8080');
    const school = await environmentOf('school', 'https://school.example.test');
    const common = { radius: 10, logo: null, catalogue: 'private', registration: 'open', state: 'live' };
    for (const [environment, known] of [
      [lycee, { name: 'Lycée Camus', locale: 'fr', colour: '#336699' }],
      [school, { name: 'Orwell School', locale: 'en', colour: '#993333' }],
    ] as const)
      sites.set(`instance:${environment.INSTANCE_ID}`, site.parse({ ...common, ...known }));
    for (const [{ socket }, environment] of [
      [one, lycee],
      [two, school],
    ] as const) {
      const { status, body } = await ask(socket, '/claim', {}, { environment });
      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(body), { instance: environment.INSTANCE_ID, release: 'r1' });
    }

    const first = await ask(lycee.LISTEN, '/sign-in');
    const second = await ask(school.LISTEN, '/sign-in');
    assert.equal(first.status, 200);
    assert.equal(second.status, 200);
    assert.match(first.body, /lang="fr"/);
    assert.match(first.body, /Lycée Camus/);
    assert.match(second.body, /lang="en"/);
    assert.match(second.body, /Orwell School/);
    assert.match(String(first.headers['content-security-policy']), /content--lycee\.localhost:8080/);
    assert.match(String(second.headers['content-security-policy']), /content--school\.example\.test/);
    assert.equal(first.headers['strict-transport-security'], undefined);
    assert.ok(second.headers['strict-transport-security']);
    const nonces = [first, second, await ask(lycee.LISTEN, '/sign-in')].map(nonceOf);
    assert.equal(new Set(nonces).size, 3);
    for (const [{ body }, nonce] of [
      [first, nonces[0]],
      [second, nonces[1]],
    ] as const)
      assert.ok(nonce && body.includes(nonce));
    assert.equal(await keyOf(one), lycee[KEY]);
    assert.equal(await keyOf(two), school[KEY]);

    // Every kind of answer: a page, documents, a redirect, files, what is missing, health.
    const paths = [
      '/sign-in',
      '/sign-in?by=link',
      '/register',
      '/',
      '/catalogue',
      '/courses/x',
      '/missing',
      '/brand/icon',
      '/robots.txt',
      '/.well-known/security.txt',
      '/healthz',
      '/verify',
    ];
    for (const [environment, other] of [
      [lycee, /Orwell|school\.example|#993333/],
      [school, /Camus|lycee|#336699/],
    ] as const)
      for (const path of paths) {
        const { headers, body } = await ask(environment.LISTEN, path, { 'accept-language': 'fr' });
        const whole = JSON.stringify(headers) + body;
        assert.doesNotMatch(whole, /nobody|00000000-0000|not claimed/, `${path} tells of nobody`);
        assert.doesNotMatch(whole, other, `${path} tells of another`);
      }
    assert.deepEqual(
      new Set(asked.map(({ issuer }) => issuer)),
      new Set([lycee, school].map(({ INSTANCE_ID }) => `instance:${INSTANCE_ID}`)),
    );
  });

  test('a claimed one takes no second claim: its door is gone', async () => {
    const [one] = running;
    assert.ok(one);
    const environment = await environmentOf('other', 'http://other.localhost:8080');
    await assert.rejects(ask(one.socket, '/claim', {}, { environment }));
    const { body } = await ask(join(folder, 'lycee'), '/claim', {}, { environment });
    assert.doesNotMatch(body, /other/);
    assert.match((await ask(join(folder, 'lycee'), '/sign-in')).body, /Lycée Camus/);
  });

  test('of two claims at once one is refused; half an identity ends the process', async () => {
    const [contested, broken] = await Promise.all([standby(), standby()]);
    running.push(contested, broken);
    const environments = await Promise.all(
      ['a', 'b'].map((slug) => environmentOf(slug, `http://${slug}.localhost:8080`)),
    );
    // Both at once: it listens no longer when it has become somebody.
    const rivals = await Promise.all(
      environments.map((environment) => ask(contested.socket, '/claim', {}, { environment })),
    );
    assert.deepEqual(rivals.map(({ status }) => status).sort(), [200, 409]);

    const environment = await environmentOf('half', 'http://half.localhost:8080', { TENANT_ID: 'none' });
    const ended = once(broken.child, 'exit');
    assert.equal((await ask(broken.socket, '/claim', {}, { environment })).status, 400);
    assert.deepEqual(await ended, [1, null]);
    assert.equal(existsSync(environment.LISTEN), false);
  });
});

test('Next keeps no action key that it failed to read: it takes the tenant’s when there is one', async () => {
  const require = createRequire(import.meta.url);
  const { setManifestsSingleton } = require('next/dist/server/app-render/manifests-singleton');
  const { getActionEncryptionKey } = require('next/dist/server/app-render/encryption-utils');
  setManifestsSingleton({
    page: '/x',
    clientReferenceManifest: {},
    serverActionsManifest: { node: {}, edge: {} },
  });
  const before = process.env[KEY];
  try {
    process.env[KEY] = 'not claimed: no key';
    await assert.rejects(getActionEncryptionKey());
    process.env[KEY] = Buffer.alloc(32, 7).toString('base64');
    const raw = await crypto.subtle.exportKey('raw', await getActionEncryptionKey());
    assert.deepEqual(Buffer.from(raw), Buffer.alloc(32, 7));
  } finally {
    if (before === undefined) delete process.env[KEY];
    else process.env[KEY] = before;
  }
});
