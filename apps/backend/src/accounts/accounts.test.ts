import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { customer, mailedToken, PASSWORD, signInAccount } from '../testing/customer.ts';

let backend: TestBackend;
before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
});
after(() => backend.close());

const refused = (name: string) => (error: unknown) => error instanceof ApiProblem && error.is(name as never);
const kindsTo = async (to: string) =>
  (
    await backend.platform.query<{ kind: string }>(
      'SELECT kind FROM mails WHERE "to" = $1 ORDER BY created_at, id',
      [to],
    )
  ).map(({ kind }) => kind);
const signUp = (email: string, password = PASSWORD) =>
  backend.hub.signUp({ body: { email, password, name: 'Léa', locale: 'fr' } });

test('sign up, verify, sign in, sign out', async () => {
  await signUp('lea@exemple.test');
  await assert.rejects(
    backend.hub.signInAccount({ body: { email: 'lea@exemple.test', password: PASSWORD } }),
    refused('not-verified'),
  );
  const token = await mailedToken(backend, 'lea@exemple.test', 'verify-address');
  const { account } = await backend.hub.verifyAccount({ body: { token } });
  assert.equal(account.verified, true);
  await assert.rejects(backend.hub.verifyAccount({ body: { token } }), refused('token-invalid'));
  const { token: session } = await signInAccount(backend, ' LEA@exemple.test');
  assert.equal((await backend.hub.getAccount({ session })).email, 'lea@exemple.test');
  await backend.hub.signOutAccount({ session });
  await assert.rejects(backend.hub.getAccount({ session }), refused('not-authenticated'));
});

test('nobody learns from an answer whether an address has an account', async () => {
  const { email } = await customer(backend, 'connue');
  const before = (await kindsTo(email)).length;
  assert.equal(await signUp(email), await signUp('inconnue@exemple.test'));
  assert.deepEqual((await kindsTo(email)).slice(before), ['account-exists']);
  for (const address of [email, 'personne@exemple.test']) {
    assert.equal(await backend.hub.requestAccountPasswordReset({ body: { email: address } }), undefined);
    assert.equal(await backend.hub.resendVerification({ body: { email: address } }), undefined);
    await assert.rejects(
      backend.hub.signInAccount({ body: { email: address, password: 'ce n’est pas le bon' } }),
      refused('wrong-credentials'),
    );
  }
  assert.deepEqual(await kindsTo('personne@exemple.test'), []);
});

test('who signs an address up before its owner does not get in with their own password', async () => {
  const email = 'visee@exemple.test';
  await signUp(email, 'le mot de passe du voleur');
  await signUp(email, 'le mot de passe de sa titulaire');
  const token = await mailedToken(backend, email, 'verify-address');
  await signUp(email, 'le mot de passe du voleur');
  await backend.hub.verifyAccount({ body: { token } });
  await assert.rejects(
    backend.hub.signInAccount({ body: { email, password: 'le mot de passe du voleur' } }),
    refused('wrong-credentials'),
  );
  await backend.hub.signInAccount({ body: { email, password: 'le mot de passe de sa titulaire' } });
});

test('a reset works once and ends every session', async () => {
  const { email, session } = await customer(backend, 'oublieuse');
  await backend.hub.requestAccountPasswordReset({ body: { email } });
  // Written while the answer leaves.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const token = await mailedToken(backend, email, 'reset-password');
  await assert.rejects(
    backend.hub.resetAccountPassword({ body: { token, password: 'court' } }),
    refused('password-too-weak'),
  );
  await backend.hub.resetAccountPassword({ body: { token, password: 'une tout autre phrase' } });
  await assert.rejects(
    backend.hub.resetAccountPassword({ body: { token, password: 'une tout autre phrase' } }),
    refused('token-invalid'),
  );
  const { n } = await backend.platform.one<{ n: number }>(
    `SELECT count(*)::int AS n FROM account_sessions s JOIN accounts a ON a.id = s.account_id WHERE a.email = $1`,
    [email],
  );
  assert.equal(n, 1, 'only the one that the reset opened');
  assert.ok(session);
});

test('a new password asks for the old one, renews the session and ends the others', async () => {
  const { session, email } = await customer(backend, 'prudente');
  const elsewhere = await signInAccount(backend, email);
  const next = 'une tout autre phrase';
  await assert.rejects(
    backend.hub.changeAccountPassword({ session, body: { current: 'faux', next } }),
    refused('wrong-credentials'),
  );
  const renewed = await backend.hub.changeAccountPassword({ session, body: { current: PASSWORD, next } });
  await assert.rejects(backend.hub.getAccount({ session }), refused('not-authenticated'), 'the old token');
  assert.equal((await backend.hub.getAccount({ session: renewed.token })).email, email);
  await assert.rejects(endsWithinFiveSeconds(elsewhere.token), refused('not-authenticated'));
  assert.equal((await kindsTo(email)).at(-1), 'security-password-changed');
  await signInAccount(backend, email, next);
  const account = await backend.hub.updateAccount({
    session: renewed.token,
    body: { name: 'Prudence', locale: 'en' },
  });
  assert.deepEqual([account.name, account.locale], ['Prudence', 'en']);
});

/** Rejects once the session is refused; a process may believe an ended one for five seconds. */
async function endsWithinFiveSeconds(session: string): Promise<void> {
  const deadline = Date.now() + 5_500;
  while (Date.now() < deadline) {
    await backend.hub.getAccount({ session });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

test('the onboarding is kept between visits', async () => {
  const { session, organisationId } = await customer(backend, 'interrompue');
  assert.equal((await backend.hub.getOnboarding({ session })).step, 'organisation');
  const draft = {
    step: 'branding' as const,
    organisationId,
    slug: 'interrompue',
    priceId: null,
    addOnPriceIds: [],
    branding: { name: 'École' },
  };
  await backend.hub.saveOnboarding({ session, body: draft });
  assert.deepEqual(await backend.hub.getOnboarding({ session }), draft);
});
