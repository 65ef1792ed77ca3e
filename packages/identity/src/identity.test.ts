import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { importJWK, type JWTPayload, SignJWT } from 'jose';
import {
  createSigner,
  generateKey,
  IdentityError,
  type KeyOwner,
  keyIdOf,
  type PrivateKeyFile,
  publicKeyOf,
  verifyToken,
} from './index.ts';

const issuer = 'instance:0198a1b2-0000-7000-8000-000000000001';
const tenant = '0198a1b2-0000-7000-8000-0000000000aa';
const key = await generateKey(issuer, 'k1');
const foreign = await generateKey(issuer, 'k1');
const owner: KeyOwner = { key: publicKeyOf(key), issuer, tenant, release: 'r1' };
const verify = (token: string) => verifyToken(token, keyIdOf(token) === 'k1' ? owner : undefined);

const seconds = () => Math.floor(Date.now() / 1000);
const claims = (): JWTPayload => ({
  iss: issuer,
  aud: 'backend',
  tenant,
  release: 'r1',
  iat: seconds(),
  exp: seconds() + 600,
});
async function signed(
  changes: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  by: PrivateKeyFile = key,
): Promise<string> {
  return new SignJWT({ ...claims(), ...changes })
    .setProtectedHeader({ alg: 'EdDSA', kid: by.kid, ...header })
    .sign(await importJWK(by.privateKey, 'EdDSA'));
}
const encode = (text: string) => Buffer.from(text).toString('base64url');
/** Signs two texts as they are, which no JWT library would write. */
async function signedText(head: string, body: string): Promise<string> {
  const imported = await importJWK(key.privateKey, 'EdDSA');
  assert.ok('type' in imported);
  const content = `${encode(head)}.${encode(body)}`;
  const signature = await crypto.subtle.sign('Ed25519', imported, new TextEncoder().encode(content));
  return `${content}.${Buffer.from(signature).toString('base64url')}`;
}

test('a signed token names its instance, tenant and release', async () => {
  const token = await createSigner(key, { tenant, release: 'r1' }).token();
  const { claims, goodUntil } = await verify(token);
  assert.deepEqual(claims, {
    service: 'instance',
    instanceId: issuer.slice(9),
    tenantId: tenant,
    release: 'r1',
  });
  assert.ok(Math.abs(goodUntil - Date.now() - 660_000) < 5_000);
});

test('a token is reused while it lives', async () => {
  const signer = createSigner(key, { tenant, release: 'r1' });
  const [one, two] = await Promise.all([signer.token(), signer.token()]);
  assert.equal(one, two);
});

test('clocks may be a minute apart', async () => {
  await verify(await signed({ iat: seconds() + 55, exp: seconds() + 655 }));
  await verify(await signed({ iat: seconds() - 640, exp: seconds() - 50 }));
});

test('a key that was registered before releases were bound speaks for any', async () => {
  const { claims } = await verifyToken(await signed({ release: 'r9' }), { ...owner, release: undefined });
  assert.equal('release' in claims && claims.release, 'r9');
});

const json = (value: unknown) => JSON.stringify(value);
const rawX = Buffer.from(key.privateKey.x, 'base64url');
const hmac = (secret: Buffer | string) => {
  const content = `${encode(json({ alg: 'HS256', kid: 'k1' }))}.${encode(json(claims()))}`;
  return `${content}.${createHmac('sha256', secret).update(content).digest('base64url')}`;
};

/** Every way to be somebody else that we know of. */
const hostile: Record<string, () => string | Promise<string>> = {
  nothing: () => '',
  'no token': () => 'not a token',
  'two segments': () => 'a.b',
  'an encrypted token’s five segments': () => 'a.b.c.d.e',
  'alg: none': () => `${encode(json({ alg: 'none', kid: 'k1' }))}.${encode(json(claims()))}.`,
  'alg: none, with a signature': async () =>
    `${encode(json({ alg: 'none', kid: 'k1' }))}.${encode(json(claims()))}.${(await signed()).split('.')[2]}`,
  'alg: nOnE': () => signedText(json({ alg: 'nOnE', kid: 'k1' }), json(claims())),
  'HS256 by the public key’s bytes': () => hmac(rawX),
  'HS256 by the public key’s text': () => hmac(key.privateKey.x),
  'HS256 by the whole public JWK': () => hmac(json(publicKeyOf(key))),
  'an algorithm name in another case': () => signedText(json({ alg: 'eddsa', kid: 'k1' }), json(claims())),
  'a list of algorithms': () => signedText(json({ alg: ['EdDSA'], kid: 'k1' }), json(claims())),
  'no algorithm': () => signedText(json({ kid: 'k1' }), json(claims())),
  'another key under a known kid': () => signed({}, {}, foreign),
  'an unknown kid': () => signed({}, { kid: 'k2' }),
  'no kid': () => signedText(json({ alg: 'EdDSA' }), json(claims())),
  'an empty kid': () => signed({}, { kid: '' }),
  'a kid that is a number': () => signedText(json({ alg: 'EdDSA', kid: 1 }), json(claims())),
  'a kid that is SQL': () => signed({}, { kid: "k1' OR '1'='1" }),
  'a kid that is a path': () => signed({}, { kid: '../../k1' }),
  'a kid with a NUL': () => signed({}, { kid: 'k1\u0000' }),
  'a kid of __proto__': () => signed({}, { kid: '__proto__' }),
  'a kid with a trailing newline': () => signed({}, { kid: 'k1\n' }),
  'a kid without end': () => signed({}, { kid: 'k'.repeat(101) }),
  'its own key in the header': () => signed({}, { jwk: foreign.privateKey }, foreign),
  'an address of a key in the header': () => signed({}, { jku: 'https://evil.test/keys' }),
  'a critical extension': () => signedText(json({ alg: 'EdDSA', kid: 'k1', crit: ['x'] }), json(claims())),
  'an unencoded payload': () =>
    signedText(json({ alg: 'EdDSA', kid: 'k1', b64: false, crit: ['b64'] }), json(claims())),
  'a kid given twice': () => signedText('{"alg":"EdDSA","kid":"k2","kid":"k1"}', json(claims())),
  'an algorithm given twice': () => signedText('{"alg":"none","alg":"EdDSA","kid":"k1"}', json(claims())),
  'a tenant given twice': () =>
    signedText(json({ alg: 'EdDSA', kid: 'k1' }), json(claims()).replace('{', '{"tenant":"x",')),
  'JSON with spaces': () => signedText('{ "alg": "EdDSA", "kid": "k1" }', json(claims())),
  'a payload that is a list': () => signedText(json({ alg: 'EdDSA', kid: 'k1' }), json([claims()])),
  'a payload that is no JSON': () => signedText(json({ alg: 'EdDSA', kid: 'k1' }), 'claims'),
  expired: () => signed({ iat: seconds() - 700, exp: seconds() - 61 }),
  'from the future': () => signed({ iat: seconds() + 65, exp: seconds() + 600 }),
  'not valid yet': () => signed({ nbf: seconds() + 65 }),
  'eleven minutes long': () => signed({ exp: seconds() + 660 }),
  'old, whatever its end says': () => signed({ iat: seconds() - 3_600, exp: seconds() + 60 }),
  'without an end': () => signed({ exp: undefined }),
  'without a beginning': () => signed({ iat: undefined }),
  'an end that is text': () => signed({ exp: String(seconds() + 600) }),
  'for another audience': () => signed({ aud: 'hub' }),
  'for several audiences': () => signed({ aud: ['backend', 'hub'] }),
  'for nobody': () => signed({ aud: undefined }),
  'another instance': () => signed({ iss: issuer.replace(/1$/, '2') }),
  'the operator': () => signed({ iss: 'operator' }),
  'the hub, without a tenant': () => signed({ iss: 'hub', tenant: undefined, release: undefined }),
  'another tenant': () => signed({ tenant: tenant.replace(/a$/, 'b') }),
  'no tenant': () => signed({ tenant: undefined }),
  'a list of tenants': () => signed({ tenant: [tenant] }),
  'another release': () => signed({ release: 'r2' }),
  'no release': () => signed({ release: undefined }),
  oversized: () => signed({ padding: 'x'.repeat(4_000) }),
  'a signature of zeros': async () =>
    `${(await signed()).split('.').slice(0, 2).join('.')}.${'A'.repeat(86)}`,
  'a signature cut short': async () => (await signed()).slice(0, -2),
  'a signature with bits that mean nothing': async () => {
    const token = await signed();
    const last = token.at(-1) ?? '';
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    return token.slice(0, -1) + alphabet[alphabet.indexOf(last) ^ 1];
  },
  padded: async () => `${await signed()}==`,
  'with a space behind': async () => `${await signed()} `,
};

describe('is refused:', () => {
  for (const [name, forge] of Object.entries(hostile)) {
    test(name, async () => assert.rejects(verify(await forge()), IdentityError));
  }
});

test('no token that was changed anywhere is believed', async () => {
  const token = await signed();
  const character = fc.constantFrom(
    ...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.= \u0000é',
  );
  const edit = fc.record({
    at: fc.nat(token.length - 1),
    take: fc.nat(3),
    put: fc.string({ unit: character, maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async (edits) => {
      let changed = token;
      for (const { at, take, put } of edits) changed = changed.slice(0, at) + put + changed.slice(at + take);
      fc.pre(changed !== token);
      await assert.rejects(verify(changed), IdentityError);
    }),
    { numRuns: 1_500 },
  );
});

test('no claims but the key’s own are believed, whoever signs them', async () => {
  const value = fc.oneof(fc.constantFrom(issuer, tenant, 'r1', 'backend', 'hub', 'operator'), fc.jsonValue());
  const changes = fc.dictionary(fc.constantFrom('iss', 'aud', 'tenant', 'release', 'iat', 'exp'), value, {
    minKeys: 1,
  });
  await fc.assert(
    fc.asyncProperty(changes, async (changed) => {
      const believed = await signed(changed)
        .then(verify)
        .catch((error: unknown) => {
          // jose refuses to sign some of them.
          assert.ok(error instanceof IdentityError || error instanceof TypeError, String(error));
        });
      if (believed) {
        assert.deepEqual(believed.claims, {
          service: 'instance',
          instanceId: issuer.slice(9),
          tenantId: tenant,
          release: 'r1',
        });
      }
    }),
    { numRuns: 500 },
  );
});
