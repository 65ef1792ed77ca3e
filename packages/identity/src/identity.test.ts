import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SignJWT, UnsecuredJWT } from 'jose';
import { createSigner, generateKey, IdentityError, publicKeyOf, verifyToken } from './index.ts';

const instance = 'instance:0198a1b2-0000-7000-8000-000000000001';
const tenant = '0198a1b2-0000-7000-8000-0000000000aa';
const key = await generateKey(instance, 'k1');
const lookup = async (kid: string) =>
  kid === 'k1' ? { key: publicKeyOf(key), issuer: instance, tenant } : undefined;
const refused = (token: string) => assert.rejects(verifyToken(token, lookup), IdentityError);

test('a signed token names its instance, tenant and release', async () => {
  const token = await createSigner(key, { tenant, release: 'r1' }).token();
  assert.deepEqual(await verifyToken(token, lookup), {
    service: 'instance',
    instanceId: instance.slice(9),
    tenantId: tenant,
    release: 'r1',
  });
});

test('a token is reused while it lives', async () => {
  const signer = createSigner(key, { tenant, release: 'r1' });
  const [one, two] = await Promise.all([signer.token(), signer.token()]);
  assert.equal(one, two);
});

test('a key cannot speak for another tenant', async () => {
  await refused(
    await createSigner(key, { tenant: '0198a1b2-0000-7000-8000-0000000000bb', release: 'r1' }).token(),
  );
});

test('unsecured, confused, foreign and unknown tokens are refused', async () => {
  await refused(new UnsecuredJWT({ tenant }).setIssuer(instance).setAudience('backend').encode());
  const secret = new TextEncoder().encode(key.privateKey.x);
  await refused(await new SignJWT({ tenant }).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(secret));
  await refused(await createSigner(await generateKey(instance, 'k1'), { tenant, release: 'r' }).token());
  await refused(await createSigner({ ...key, kid: 'k2' }, { tenant, release: 'r' }).token());
  await refused('not a token');
});
