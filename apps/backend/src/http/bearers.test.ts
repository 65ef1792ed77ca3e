import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSigner, generateKey, type PrivateKeyFile } from '@preau/identity';
import fc from 'fast-check';
import { importJWK, SignJWT, UnsecuredJWT } from 'jose';
import { Notifications } from '../database/events.ts';
import { readOwners } from '../instances/keys.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { Bearers, LookUpsExhausted, type ReadOwners } from './bearers.ts';

const REVOKED_WITHIN_MS = 5_000;

let backend: TestBackend;
let atelier: TestInstance;
let voisin: TestInstance;
before(async () => {
  backend = await testBackend();
  atelier = await backend.instance('atelier');
  voisin = await backend.instance('voisin');
});
after(() => backend?.close());

/** One request with headers exactly as given; `reference` is all that may differ between two refusals. */
function ask(headers: [string, string][], path = '/v1/courses'): Promise<{ status: number; body: string }> {
  const { port } = new URL(backend.url);
  return new Promise((resolve, reject) => {
    request({ port, path, headers: ['Host', 'x', ...headers.flat()] }, (answer) => {
      let body = '';
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
    })
      .on('error', reject)
      .end();
  });
}
const bearer = (token: string): [string, string][] => [['Authorization', `Bearer ${token}`]];
const plain = ({ status, body }: { status: number; body: string }) =>
  `${status} ${body.replace(/"reference":"[^"]*"/, '"reference":""')}`;

/** A key that the backend knows, as an operator registers it. */
async function registered({ instanceId }: TestInstance, release = 'r1'): Promise<PrivateKeyFile> {
  const key = await generateKey(`instance:${instanceId}`, randomUUID());
  const { kty, crv, x } = key.privateKey;
  await backend.operator.registerInstanceKey({
    params: { instanceId, kid: key.kid },
    body: { kty, crv, x, release },
  });
  return key;
}
const tokenOf = (key: PrivateKeyFile, { tenantId }: TestInstance, release = 'r1') =>
  createSigner(key, { tenant: tenantId, release }).token();

async function forged(key: PrivateKeyFile, changes: Record<string, unknown>, header = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({
    iss: key.issuer,
    aud: 'backend',
    tenant: atelier.tenantId,
    release: 'r1',
    iat: now,
    exp: now + 600,
    ...changes,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, ...header })
    .sign(await importJWK(key.privateKey, 'EdDSA'));
}

test('every refusal of a token is the same answer', async () => {
  const key = await registered(atelier);
  const now = Math.floor(Date.now() / 1000);
  const good = await tokenOf(key, atelier);
  assert.equal((await ask(bearer(good))).status, 200);
  const revoked = await registered(voisin);
  const session = (await atelier.signedIn('learner')).session;
  await backend.operator.revokeInstanceKeys({
    params: { instanceId: voisin.instanceId },
    query: { except: voisin.kid },
  });
  const secret = Buffer.from(key.privateKey.x, 'base64url');
  const strangers = await generateKey(`instance:${atelier.instanceId}`, randomUUID());
  const attempts: Record<string, [string, string][]> = {
    'no token': [],
    'an empty one': [['Authorization', 'Bearer ']],
    'another scheme': [['Authorization', `Basic ${good}`]],
    'no scheme': [['Authorization', good]],
    'alg: none': bearer(new UnsecuredJWT({ tenant: atelier.tenantId }).setIssuer(key.issuer).encode()),
    'HS256 by the public key': bearer(
      await new SignJWT({ tenant: atelier.tenantId })
        .setProtectedHeader({ alg: 'HS256', kid: key.kid })
        .sign(secret),
    ),
    'an unknown kid': bearer(await forged(strangers, {})),
    'a stranger under a known kid': bearer(await forged({ ...strangers, kid: key.kid }, {})),
    'a hostile kid': bearer(await forged(key, {}, { kid: "' OR 1=1 --" })),
    'a service’s kid': bearer(await forged(key, { iss: 'operator' }, { kid: 'operator-test' })),
    'a revoked key': bearer(await tokenOf(revoked, voisin)),
    expired: bearer(await forged(key, { iat: now - 700, exp: now - 61 })),
    'from the future': bearer(await forged(key, { iat: now + 65, exp: now + 600 })),
    'longer than ten minutes': bearer(await forged(key, { exp: now + 3_600 })),
    'another audience': bearer(await forged(key, { aud: 'hub' })),
    'another tenant': bearer(await forged(key, { tenant: voisin.tenantId })),
    'another instance': bearer(await forged(key, { iss: `instance:${voisin.instanceId}` })),
    'another release': bearer(await forged(key, { release: 'r2' })),
    oversized: bearer(await forged(key, { padding: 'x'.repeat(6_000) })),
    'two tokens': [...bearer(good), ...bearer(good)],
    'a token and a stranger’s': [...bearer(good), ...bearer(await forged(strangers, {}))],
    'two sessions': [...bearer(good), ['Preau-Session', session], ['preau-session', session]],
  };
  const answers = new Set<string>();
  for (const [name, headers] of Object.entries(attempts)) {
    const answer = await ask(headers);
    assert.equal(answer.status, 401, name);
    answers.add(plain(answer));
  }
  assert.equal(answers.size, 1, [...answers].join('\n'));
});

test('no token that was changed anywhere opens anything', async () => {
  const token = await tokenOf(await registered(atelier), atelier);
  assert.equal((await ask(bearer(token))).status, 200);
  const change = fc.record({
    at: fc.nat(token.length - 1),
    put: fc.string({ unit: fc.constantFrom('A', 'b', '7', '-', '_', '.'), maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ at, put }) => {
      const changed = token.slice(0, at) + put + token.slice(at + 1);
      fc.pre(changed !== token);
      assert.equal((await ask(bearer(changed))).status, 401);
    }),
    { numRuns: 300 },
  );
});

test('two keys are valid while they overlap, each for its release', async () => {
  const former = await registered(atelier, 'r1');
  const latter = await registered(atelier, 'r2');
  const [one, two] = [await tokenOf(former, atelier, 'r1'), await tokenOf(latter, atelier, 'r2')];
  assert.deepEqual([(await ask(bearer(one))).status, (await ask(bearer(two))).status], [200, 200]);
  await backend.operator.revokeInstanceKeys({
    params: { instanceId: atelier.instanceId },
    query: { except: latter.kid },
  });
  await untilRefused(one);
  assert.equal((await ask(bearer(two))).status, 200);
});

test('a suspended instance’s token is refused, and believed again once it is to be resumed', async () => {
  const boutique = await backend.instance('boutique');
  const token = await boutique.signer.token();
  const set = (wanted: string, lifecycle: 'suspended' | 'live') =>
    backend.platform
      .query('UPDATE instances SET wanted = $2 WHERE id = $1', [boutique.instanceId, wanted])
      .then(() =>
        backend.operator.observeInstance({
          params: { instanceId: boutique.instanceId },
          body: { lifecycle },
        }),
      );
  assert.equal((await ask(bearer(token))).status, 200);
  await set('suspended', 'suspended');
  await untilRefused(token);
  await set('running', 'suspended');
  await sleep(200);
  assert.equal((await ask(bearer(token))).status, 200);
});

async function untilRefused(token: string): Promise<void> {
  const began = Date.now();
  while ((await ask(bearer(token))).status !== 401) {
    assert.ok(Date.now() - began < REVOKED_WITHIN_MS, 'believed for longer than five seconds');
    await sleep(20);
  }
}

describe('several processes', () => {
  const lines: Notifications[] = [];
  after(() => Promise.all(lines.map((line) => line.stop())));

  /** Another process's memory on the same database; counts what it reads there. */
  async function another(heard: boolean) {
    const line = new Notifications(backend.app.settings.DATABASE_PLATFORM_URL);
    if (heard) {
      lines.push(line);
      await line.start();
      while (line.provenSince() === undefined) await sleep(10);
    }
    const counted = { reads: 0, asked: 0 };
    const read: ReadOwners = (kids) => {
      counted.reads += 1;
      counted.asked += kids.length;
      return readOwners(backend.platform, kids);
    };
    return { bearers: new Bearers(read, { hub: [], operator: [] }, line), counted };
  }

  test('a warm one reads nothing, for as long as it hears of changes', async () => {
    const { bearers, counted } = await another(true);
    const token = await tokenOf(await registered(atelier), atelier);
    await sleep(200);
    for (const end = Date.now() + 5_500; Date.now() < end; ) {
      assert.ok((await bearers.identify(token)).claims);
      await sleep(5);
    }
    assert.equal(counted.reads, 1);
  });

  for (const heard of [true, false]) {
    test(`a revocation reaches all within 5 s${heard ? '' : ', also one that hears nothing'}`, async () => {
      const fleet = await Promise.all([another(heard), another(heard), another(heard)]);
      const token = await tokenOf(await registered(atelier), atelier);
      for (const { bearers } of fleet) assert.ok((await bearers.identify(token)).claims);
      await backend.operator.revokeInstanceKeys({
        params: { instanceId: atelier.instanceId },
        query: { except: atelier.kid },
      });
      const began = Date.now();
      const durations = await Promise.all(
        fleet.map(async ({ bearers }) => {
          while ((await bearers.identify(token)).claims) await sleep(10);
          return Date.now() - began;
        }),
      );
      assert.ok(Math.max(...durations) < REVOKED_WITHIN_MS, durations.join(' '));
    });
  }

  test('a flood of unknown keys costs few reads and turns out nothing that is known', async () => {
    const { bearers, counted } = await another(true);
    const token = await tokenOf(await registered(atelier), atelier);
    await sleep(200);
    assert.ok((await bearers.identify(token)).claims);
    const [head, body, signature] = (await forged(await generateKey('hub', 'x'), {})).split('.');
    assert.ok(head && body && signature);
    const unknown = () => {
      const header = JSON.stringify({ alg: 'EdDSA', kid: randomUUID() });
      return `${Buffer.from(header).toString('base64url')}.${body}.${signature}`;
    };
    counted.reads = 0;
    const results = await Promise.allSettled(
      Array.from({ length: 30_000 }, () => bearers.identify(unknown())),
    );
    const refused = results.filter(
      (one) => one.status === 'fulfilled' && one.value.claims === undefined,
    ).length;
    const sentAway = results.filter(
      (one) => one.status === 'rejected' && one.reason instanceof LookUpsExhausted,
    ).length;
    assert.equal(refused + sentAway, 30_000);
    assert.ok(counted.asked <= 2_001, `${counted.asked} key ids reached the database`);
    const before = counted.reads;
    assert.ok((await bearers.identify(token)).claims, 'still known');
    assert.equal(counted.reads, before);
    const same = unknown();
    for (let i = 0; i < 50; i += 1) assert.equal((await bearers.identify(same)).claims, undefined);
    assert.equal(counted.reads, before + 1, 'an unknown key is remembered as such');
  });
});
