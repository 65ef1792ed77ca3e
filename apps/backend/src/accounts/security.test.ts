import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import { Secret, TOTP } from 'otpauth';
import { authenticator } from '../testing/authenticator.ts';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { customer, mailedToken, PASSWORD, signInAccount } from '../testing/customer.ts';

let backend: TestBackend;
before(async () => {
  backend = await testBackend();
});
after(() => backend.close());

const ORIGIN = 'http://localhost:8080';
const refused = (name: string) => (error: unknown) => error instanceof ApiProblem && error.is(name as never);
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
let number = 0;
/** Everybody comes from a network of their own, so that limits of one test are not those of another. */
const network = () => {
  number += 1;
  return `198.51.100.${number}`;
};
const mailsTo = async (to: string) =>
  (
    await backend.platform.query<{ kind: string }>(
      `SELECT kind FROM mails WHERE "to" = $1 AND kind LIKE 'security-%' ORDER BY created_at, id`,
      [to],
    )
  ).map(({ kind }) => kind.replace('security-', ''));

async function withApp(name: string) {
  const somebody = await customer(backend, name);
  const { secret } = await backend.hub.beginAccountTotp({ session: somebody.session });
  const added = await backend.hub.confirmAccountTotp({
    session: somebody.session,
    body: { code: codeOf(secret) },
  });
  return { ...somebody, secret, session: added.session.token, codes: added.recoveryCodes ?? [] };
}

async function withPasskey(name: string) {
  const somebody = await customer(backend, name);
  const key = authenticator(ORIGIN);
  const options = await backend.hub.beginAccountPasskey({ session: somebody.session });
  const added = await backend.hub.addAccountPasskey({
    session: somebody.session,
    body: { name: 'Ordinateur', attestation: key.create(options) },
  });
  return { ...somebody, key, session: added.session.token, codes: added.recoveryCodes ?? [] };
}

test('with an app, the password is answered by a question, and each code works once', async () => {
  const { email, secret, session, codes } = await withApp('doublee');
  assert.equal(codes.length, 10);
  const asked = await backend.hub.signInAccount({ body: { email, password: PASSWORD } });
  assert.ok(asked.kind === 'challenge');
  assert.deepEqual(asked.methods, ['totp', 'recovery-code']);
  await assert.rejects(backend.hub.getAccount({ session: asked.challenge }), refused('not-authenticated'));
  const code = codeOf(secret, 1);
  const { challenge } = asked;
  const { token } = await backend.hub.confirmAccountSignIn({ body: { challenge, code } });
  assert.equal((await backend.hub.getAccount({ session: token })).email, email);
  await assert.rejects(
    backend.hub.confirmAccountSignIn({ body: { challenge, code: codes[0] ?? '' } }),
    refused('token-invalid'),
    'the question is answered',
  );
  const again = await backend.hub.signInAccount({ body: { email, password: PASSWORD } });
  assert.ok(again.kind === 'challenge');
  await assert.rejects(
    backend.hub.confirmAccountSignIn({ body: { challenge: again.challenge, code } }),
    refused('wrong-code'),
    'the code is used',
  );
  await backend.hub.confirmAccountSignIn({ body: { challenge: again.challenge, code: codes[0] ?? '' } });
  assert.equal((await backend.hub.getAccountSecurity({ session })).recoveryCodes?.left, 9);
  assert.deepEqual(await mailsTo(email), ['factor-added', 'signed-in', 'signed-in']);
});

test('a passkey signs in alone, where its person was verified and the page is ours', async () => {
  const { email, key } = await withPasskey('cle');
  const { hub } = backend;
  const options = await hub.beginAccountPasskeySignIn({ body: {} });
  const assertion = key.get(options);
  const entered = await hub.signInAccountByPasskey({ body: { assertion } });
  assert.equal(entered.account.email, email);
  await assert.rejects(hub.signInAccountByPasskey({ body: { assertion } }), refused('passkey-refused'));
  for (const twist of [
    { verified: false },
    { origin: 'http://demo.localhost:8080' },
    { rpId: 'demo.localhost' },
  ])
    await assert.rejects(
      hub.signInAccountByPasskey({
        body: { assertion: key.get(await hub.beginAccountPasskeySignIn({ body: {} }), twist) },
      }),
      refused('passkey-refused'),
    );
  const asked = await hub.signInAccount({ body: { email, password: PASSWORD } });
  assert.ok(asked.kind === 'challenge');
  const second = await hub.beginAccountPasskeySignIn({ body: { challenge: asked.challenge } });
  assert.deepEqual(
    second.allowCredentials?.map(({ id }) => id),
    [key.id],
  );
  await hub.signInAccountByPasskey({
    body: { challenge: asked.challenge, assertion: key.get(second, { verified: false }) },
  });
  key.counter = 0;
  await assert.rejects(
    hub.signInAccountByPasskey({
      body: { assertion: key.get(await hub.beginAccountPasskeySignIn({ body: {} })) },
    }),
    refused('passkey-refused'),
  );
  assert.equal((await mailsTo(email)).at(-1), 'passkey-copied');
});

test('a mailed link does not go round the second factor', async () => {
  const { email, secret, session } = await withApp('perdue');
  await backend.hub.requestAccountPasswordReset({ body: { email } });
  const token = await eventually(() => mailedToken(backend, email, 'reset-password'));
  const answer = await backend.hub.resetAccountPassword({
    body: { token, password: 'une tout autre phrase' },
  });
  assert.ok(answer.kind === 'challenge');
  await assert.rejects(
    backend.hub.getAccountSecurity({ session: answer.challenge }),
    refused('not-authenticated'),
  );
  await backend.hub.confirmAccountSignIn({ body: { challenge: answer.challenge, code: codeOf(secret, 1) } });
  const { n } = await backend.platform.one<{ n: number }>(
    `SELECT count(*)::int AS n FROM account_sessions s JOIN accounts a ON a.id = s.account_id WHERE a.email = $1`,
    [email],
  );
  assert.equal(n, 1, 'what was open before is closed');
  assert.ok(session);
});

test('a verification that comes after another proof of the address opens nothing', async () => {
  const email = 'tardive@client.test';
  await backend.hub.signUp({ body: { email, password: PASSWORD, name: 'Tard', locale: 'fr' } });
  const late = await mailedToken(backend, email, 'verify-address');
  await backend.hub.requestAccountPasswordReset({ body: { email } });
  const token = await eventually(() => mailedToken(backend, email, 'reset-password'));
  await backend.hub.resetAccountPassword({ body: { token, password: 'une tout autre phrase' } });
  await assert.rejects(backend.hub.verifyAccount({ body: { token: late } }), refused('token-invalid'));
});

test('tokens are kept as digests, end in time, and work once', async () => {
  const { email } = await customer(backend, 'jetons');
  await backend.hub.requestAccountPasswordReset({ body: { email } });
  const token = await eventually(() => mailedToken(backend, email, 'reset-password'));
  const rows = await backend.platform.query<{ digest: string; minutes: number }>(
    `SELECT t.token_hash AS digest, extract(epoch FROM t.expires_at - t.created_at)::float8 / 60 AS minutes
     FROM account_tokens t JOIN accounts a ON a.id = t.account_id WHERE a.email = $1 AND t.purpose = 'reset'`,
    [email],
  );
  assert.equal(rows.length, 1);
  assert.match(rows[0]?.digest ?? '', /^[0-9a-f]{64}$/);
  assert.ok((rows[0]?.minutes ?? 0) <= 60.1);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 8 }, (_, n) =>
      backend.hub.resetAccountPassword({ body: { token, password: `une tout autre phrase ${n}` } }),
    ),
  );
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  await backend.hub.requestAccountPasswordReset({ body: { email } });
  const second = await eventually(async () => {
    const next = await mailedToken(backend, email, 'reset-password');
    assert.notEqual(next, token);
    return next;
  });
  await backend.platform.query(`UPDATE account_tokens SET expires_at = now() - interval '1 second'`);
  await assert.rejects(
    backend.hub.resetAccountPassword({ body: { token: second, password: 'une tout autre phrase' } }),
    refused('token-invalid'),
  );
});

test('what is dangerous asks again after ten minutes: the factor where there is one, else the password', async () => {
  const { hub } = backend;
  const plain = await customer(backend, 'prudent');
  await backend.platform.query(`UPDATE account_sessions SET confirmed_at = now() - interval '11 minutes'`);
  await assert.rejects(hub.beginAccountTotp({ session: plain.session }), refused('confirmation-needed'));
  await assert.rejects(hub.beginAccountPasskey({ session: plain.session }), refused('confirmation-needed'));
  const invitation = (role: 'owner' | 'member') => ({
    session: plain.session,
    params: { organisationId: plain.organisationId },
    body: { email: `${role}-invite@client.test`, role },
  });
  await assert.rejects(hub.inviteMember(invitation('owner')), refused('confirmation-needed'));
  await hub.inviteMember(invitation('member'));
  await assert.rejects(
    hub.confirmAccount({ session: plain.session, body: { password: 'faux' } }),
    refused('wrong-credentials'),
  );
  await hub.confirmAccount({ session: plain.session, body: { password: PASSWORD } });
  await hub.beginAccountTotp({ session: plain.session });
  await hub.inviteMember(invitation('owner'));

  const { session, key } = await withPasskey('prudente');
  await backend.platform.query(`UPDATE account_sessions SET confirmed_at = now() - interval '11 minutes'`);
  const [passkey] = (await hub.getAccountSecurity({ session })).passkeys;
  const params = { passkeyId: passkey?.id ?? '' };
  await assert.rejects(hub.removeAccountPasskey({ session, params }), refused('confirmation-needed'));
  await assert.rejects(
    hub.changeAccountPassword({ session, body: { current: PASSWORD, next: 'une tout autre phrase' } }),
    refused('confirmation-needed'),
  );
  await assert.rejects(
    hub.confirmAccount({ session, body: { password: PASSWORD } }),
    refused('wrong-code'),
    'the password alone would undo the factor',
  );
  const assertion = key.get(await hub.beginAccountConfirmation({ session }));
  await hub.confirmAccount({ session, body: { assertion } });
  const renewed = await hub.removeAccountPasskey({ session, params });
  await assert.rejects(hub.getAccount({ session }), refused('not-authenticated'), 'the token is new');
  const now = await hub.getAccountSecurity({ session: renewed.token });
  assert.deepEqual([now.passkeys, now.recoveryCodes, now.confirmBy], [[], null, ['password']]);
});

test('sessions are listed, and ended one by one or all others', async () => {
  const { hub } = backend;
  const { email, session } = await customer(backend, 'partout');
  const tokens = [];
  for (const userAgent of [
    'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
    undefined,
  ]) {
    const answer = await hub.signInAccount({
      body: { email, password: PASSWORD },
      userAgent,
      clientAddress: '192.0.2.7',
    });
    assert.ok(answer.kind === 'session');
    tokens.push(answer.token);
  }
  const { sessions } = await hub.getAccountSecurity({ session });
  assert.equal(sessions.length, 3);
  assert.deepEqual(
    sessions.map(({ current }) => current),
    [true, false, false],
  );
  const firefox = sessions.find(({ browser }) => browser === 'Firefox');
  assert.deepEqual([firefox?.system, firefox?.form, firefox?.address], ['Linux', 'computer', '192.0.2.7']);
  const other = await customer(backend, 'voisine');
  await assert.rejects(
    hub.endAccountSession({ session: other.session, params: { sessionId: firefox?.id ?? '' } }),
    refused('not-found'),
  );
  await hub.endAccountSession({ session, params: { sessionId: firefox?.id ?? '' } });
  await gone(tokens[0] ?? '');
  await hub.endOtherAccountSessions({ session });
  await gone(tokens[1] ?? '');
  assert.equal((await hub.getAccountSecurity({ session })).sessions.length, 1);
});

test('a session ends after a week without use, and after a month in any case', async () => {
  const { session, accountId } = await customer(backend, 'absente');
  await backend.platform.query(
    `UPDATE account_sessions SET last_seen_at = now() - interval '8 days' WHERE account_id = $1`,
    [accountId],
  );
  await gone(session);
  const { token } = await signInAccount(backend, 'absente@client.test');
  const { days } = await backend.platform.one<{ days: number }>(
    `SELECT extract(epoch FROM max(expires_at) - now())::float8 / 86400 AS days FROM account_sessions WHERE account_id = $1`,
    [accountId],
  );
  assert.ok(days > 29 && days <= 30.1);
  assert.ok(token);
});

test('a new sign-in ends the session that the browser held', async () => {
  const { session, email } = await customer(backend, 'tournante');
  const answer = await backend.hub.signInAccount({ session, body: { email, password: PASSWORD } });
  assert.ok(answer.kind === 'session' && answer.token !== session);
  await gone(session);
});

test('a change of role ends what was open under the old one', async () => {
  const { hub } = backend;
  const owner = await customer(backend, 'patronne');
  const colleague = await customer(backend, 'collegue');
  await hub.inviteMember({
    session: owner.session,
    params: { organisationId: owner.organisationId },
    body: { email: colleague.email, role: 'member' },
  });
  const token = await mailedToken(backend, colleague.email, 'organisation-invitation');
  await hub.acceptMemberInvitation({ session: colleague.session, body: { token } });
  await hub.updateMember({
    session: owner.session,
    params: { organisationId: owner.organisationId, accountId: colleague.accountId },
    body: { role: 'administrator' },
  });
  await gone(colleague.session);
  await hub.getAccount({ session: owner.session });
});

test('an owner asks the team for a second factor, and has one; who lacks it finds the organisation closed', async () => {
  const { hub } = backend;
  const owner = await withPasskey('exigeante');
  const params = { organisationId: owner.organisationId };
  const colleague = await customer(backend, 'sansfacteur');
  await hub.inviteMember({
    session: owner.session,
    params,
    body: { email: colleague.email, role: 'administrator' },
  });
  await hub.acceptMemberInvitation({
    session: colleague.session,
    body: { token: await mailedToken(backend, colleague.email, 'organisation-invitation') },
  });
  const own = { organisationId: colleague.organisationId };
  await assert.rejects(
    hub.requireSecondFactor({ session: colleague.session, params: own, body: { required: true } }),
    refused('second-factor-needed'),
  );
  await assert.rejects(
    hub.requireSecondFactor({ session: colleague.session, params, body: { required: true } }),
    refused('forbidden'),
  );
  const { id: orderId } = await backend.platform.one<{ id: string }>(
    `INSERT INTO orders (organisation_id, account_id, idempotency_key, state, slug, branding, currency, "interval",
       lines, total_minor, plan_version_id)
     SELECT $1, $2, 'exigeante', 'paid', 'exigeante', $3, 'EUR', 'month', '[]', 0, id FROM plan_versions LIMIT 1
     RETURNING id`,
    [
      owner.organisationId,
      owner.accountId,
      JSON.stringify({ name: 'Exigeante', colour: '#006a4e', logo: null }),
    ],
  );
  await hub.getOrder({ session: colleague.session, params: { orderId } });
  const asked = await hub.requireSecondFactor({ session: owner.session, params, body: { required: true } });
  assert.equal(asked.secondFactorRequired, true);
  await assert.rejects(
    hub.getOrganisation({ session: colleague.session, params }),
    refused('second-factor-needed'),
  );
  await assert.rejects(
    hub.listMembers({ session: colleague.session, params }),
    refused('second-factor-needed'),
  );
  await assert.rejects(
    hub.getOrder({ session: colleague.session, params: { orderId } }),
    refused('second-factor-needed'),
  );
  const account = await hub.getAccount({ session: colleague.session });
  assert.deepEqual(
    account.organisations.map(({ id, lacksFactor }) => [id === params.organisationId, lacksFactor]).sort(),
    [
      [false, false],
      [true, true],
    ],
  );
  const { items } = await hub.listMembers({ session: owner.session, params });
  assert.equal(items.find(({ accountId }) => accountId === colleague.accountId)?.secondFactor, false);
  const [passkey] = (await hub.getAccountSecurity({ session: owner.session })).passkeys;
  await assert.rejects(
    hub.removeAccountPasskey({ session: owner.session, params: { passkeyId: passkey?.id ?? '' } }),
    refused('last-factor'),
  );
  const key = authenticator(ORIGIN);
  const options = await hub.beginAccountPasskey({ session: colleague.session });
  const added = await hub.addAccountPasskey({
    session: colleague.session,
    body: { name: 'Clé', attestation: key.create(options) },
  });
  await hub.listMembers({ session: added.session.token, params });
});

test('guesses are slowed, whether somebody has the address or not; the owner is not locked out', async () => {
  const { hub } = backend;
  const victim = await customer(backend, 'attaquee');
  const { device } = await signInAccount(backend, victim.email);
  const stranger = await customer(backend, 'tierce');
  const foreign = (await signInAccount(backend, stranger.email)).device;
  const guess = (email: string) =>
    hub.signInAccount({ body: { email, password: 'au hasard' }, clientAddress: network() }).then(
      () => 'in',
      (error: unknown) => (error instanceof ApiProblem ? error.problem.name : 'failed'),
    );
  const twentyAtOnce = async (email: string) => {
    const begun = performance.now();
    const names = await Promise.all(Array.from({ length: 20 }, () => guess(email)));
    const seconds = (performance.now() - begun) / 1000;
    const count = (name: string) => names.filter((one) => one === name).length;
    const compared = count('wrong-credentials');
    assert.equal(compared + count('too-many-attempts'), 20, names.join());
    // Waits of 2, 4, 8 … seconds: a slow machine outlasts the first of them.
    const outlasted = Math.floor(Math.log2(seconds / 2 + 1));
    assert.ok(compared >= 6 && compared <= 6 + outlasted, `${compared} compared in ${seconds.toFixed(1)} s`);
  };
  await twentyAtOnce('personne@client.test');
  await twentyAtOnce(victim.email);
  // However slow this machine is, the wait is not over.
  await backend.platform.query(`UPDATE throttles SET blocked_until = now() + interval '1 minute'`);

  await assert.rejects(
    hub.signInAccount({ body: { email: victim.email, password: PASSWORD }, clientAddress: network() }),
    refused('too-many-attempts'),
    'even the right password, from a browser that nobody knows',
  );
  await assert.rejects(
    hub.signInAccount({
      body: { email: victim.email, password: PASSWORD },
      device: foreign,
      clientAddress: network(),
    }),
    refused('too-many-attempts'),
    'another’s device is nobody’s',
  );
  await signInAccount(backend, victim.email, PASSWORD, device);
  await hub.requestAccountPasswordReset({ body: { email: victim.email } });
  const token = await eventually(() => mailedToken(backend, victim.email, 'reset-password'));
  const entered = await hub.resetAccountPassword({
    body: { token, password: 'une tout autre phrase' },
    clientAddress: network(),
  });
  assert.equal(entered.kind, 'session');
});

test('one network is slowed over all addresses, in the database that all processes share', async () => {
  const clientAddress = network();
  const guess = (n: number) =>
    backend.hub
      .signInAccount({ body: { email: `cible-${n}@client.test`, password: 'au hasard' }, clientAddress })
      .then(
        () => 'in',
        (error: ApiProblem) => error.problem.name,
      );
  for (let n = 0; n < 31; n += 1) assert.equal(await guess(n), 'wrong-credentials');
  // However slow this machine is, the wait that the last one began is not over.
  await backend.platform.query(
    `UPDATE throttles SET blocked_until = now() + interval '1 minute'
     WHERE blocked_until > counted_at + interval '1 second'`,
  );
  assert.deepEqual([await guess(31), await guess(32)], ['too-many-attempts', 'too-many-attempts']);
});

test('nobody learns from any way in whether an address has an account', async () => {
  const { hub } = backend;
  const known = (await customer(backend, 'existante')).email;
  const guarded = (await withPasskey('gardee')).email;
  const ways: Record<string, (email: string) => Promise<unknown>> = {
    'sign in': (email) =>
      hub.signInAccount({ body: { email, password: 'ce n’est pas le bon' }, clientAddress: network() }),
    reset: (email) => hub.requestAccountPasswordReset({ body: { email }, clientAddress: network() }),
    'sign up': (email) =>
      hub.signUp({ body: { email, password: PASSWORD, name: 'X', locale: 'fr' }, clientAddress: network() }),
    'verification again': (email) => hub.resendVerification({ body: { email }, clientAddress: network() }),
    'staff sign in': (email) =>
      hub.signInStaff({ body: { email, password: 'ce n’est pas le bon' }, clientAddress: network() }),
  };
  const seen = async (way: (email: string) => Promise<unknown>, email: string) => {
    const begun = performance.now();
    const answer = await way(email).then(
      (value) => ({ value }),
      (error: ApiProblem) => ({ ...error.problem, reference: '' }),
    );
    return { answer, ms: performance.now() - begun };
  };
  const median = (times: number[]) => times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
  for (const [name, way] of Object.entries(ways)) {
    const times = { known: [] as number[], unknown: [] as number[] };
    for (let n = 0; n < 4; n += 1) {
      const one = await seen(way, known);
      const two = await seen(way, guarded);
      const none = await seen(way, `inconnue-${name.replaceAll(' ', '-')}-${n}@client.test`);
      assert.deepEqual(one.answer, none.answer, name);
      assert.deepEqual(two.answer, none.answer, name);
      times.known.push(one.ms, two.ms);
      times.unknown.push(none.ms);
    }
    // Told, not asserted: a machine that does other things has no even time.
    console.log(
      `${name}: ${median(times.known).toFixed(1)} ms known, ${median(times.unknown).toFixed(1)} ms unknown`,
    );
  }
  const options = async () => {
    const { challenge, ...rest } = await hub.beginAccountPasskeySignIn({ body: {} });
    assert.ok(challenge);
    return rest;
  };
  assert.deepEqual(await options(), await options());
  assert.equal('allowCredentials' in (await options()), false);
});

async function gone(session: string): Promise<void> {
  const deadline = Date.now() + 5_500;
  for (;;) {
    const outcome = await backend.hub.getAccount({ session }).catch((error: unknown) => error);
    if (refused('not-authenticated')(outcome)) return;
    assert.ok(Date.now() < deadline, 'still believed after five seconds');
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

/** A mail that is written while the answer leaves is there a moment later. */
async function eventually<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (attempt === 40) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}
