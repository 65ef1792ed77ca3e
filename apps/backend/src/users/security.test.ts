import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem, type ProblemType, type Role } from '@preau/contract';
import { Secret, TOTP } from 'otpauth';
import { hashPassword } from '../authentication/password.ts';
import { users } from '../authentication/realm.ts';
import { openSession } from '../authentication/session.ts';
import { authenticator } from '../testing/authenticator.ts';
import { type TestBackend, type TestInstance, testBackend } from '../testing/backend.ts';
import { somewhere } from '../testing/users.ts';
import { issueHandoff } from './administrator.ts';
import { remindOfRule } from './factorNotice.ts';

/** What proves a platform's people, over HTTP, as its instance calls it. The core has tests of its own. */
let backend: TestBackend;
let acme: TestInstance;
let voisin: TestInstance;
let passwordHash: string;
const PASSWORD = 'quatre chevaux sous le préau';
const NEXT = 'une tout autre phrase';
before(async () => {
  backend = await testBackend();
  [acme, voisin, passwordHash] = await Promise.all([
    backend.instance('acme'),
    backend.instance('voisin'),
    hashPassword(PASSWORD),
  ]);
});
after(() => backend?.close());

const ORIGIN = 'http://acme.localhost:8080';
const refused = (name: ProblemType) => (error: unknown) => error instanceof ApiProblem && error.is(name);
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 });
let number = 0;
/** Everybody comes from a network of their own, so that limits of one test are not those of another. */
const network = () => {
  number += 1;
  return `198.51.100.${number}`;
};
const addressOf = (name: string) => `${name}@exemple.test`;

async function signIn(
  { client }: TestInstance,
  email: string,
  options: {
    password?: string;
    device?: string;
    session?: string;
    userAgent?: string;
    clientAddress?: string;
  } = {},
) {
  const { password = PASSWORD, clientAddress = network(), ...call } = options;
  const answer = await client.signIn({ ...call, clientAddress, body: { email, password } });
  assert.ok(answer.kind === 'session', 'a second factor is asked for');
  return answer;
}

async function somebody(name: string, role: Role = 'learner', at = acme) {
  const email = addressOf(name);
  const { id } = await at.db.one<{ id: string }>(
    `INSERT INTO users (email, name, role, password_hash) VALUES ($1, $2, $3::enum_users_role, $4) RETURNING id`,
    [email, name, role, passwordHash],
  );
  const { token, device } = await signIn(at, email);
  return { id, email, session: token, device };
}

async function withApp(name: string, role: Role = 'learner') {
  const person = await somebody(name, role);
  const { secret, uri } = await acme.client.beginMyTotp({ session: person.session });
  const added = await acme.client.confirmMyTotp({
    session: person.session,
    body: { code: codeOf(secret) },
  });
  return { ...person, secret, uri, session: added.session.token, codes: added.recoveryCodes ?? [] };
}

async function withPasskey(name: string, role: Role = 'learner') {
  const person = await somebody(name, role);
  const key = authenticator(ORIGIN);
  const options = await acme.client.beginMyPasskey({ session: person.session });
  const added = await acme.client.addMyPasskey({
    session: person.session,
    body: { name: 'Téléphone', attestation: key.create(options) },
  });
  return { ...person, key, options, session: added.session.token, codes: added.recoveryCodes ?? [] };
}

const mailsTo = async (to: string) =>
  (
    await backend.platform.query<{ kind: string }>(
      `SELECT kind FROM mails WHERE "to" = $1 AND kind LIKE 'security-%' ORDER BY created_at, id`,
      [to],
    )
  ).map(({ kind }) => kind.replace('security-', ''));

/** The secret of the newest mail of a kind; it is written while the answer leaves. */
async function mailed(to: string, kind: string): Promise<string> {
  for (let attempt = 1; ; attempt += 1) {
    const mail = await backend.platform.maybe<{ text: string }>(
      `SELECT text FROM mails WHERE "to" = $1 AND kind = $2 ORDER BY created_at DESC, id DESC LIMIT 1`,
      [to, kind],
    );
    const token = /[?&]token=([\w.-]+)/.exec(mail?.text ?? '')?.[1];
    if (token) return token;
    assert.ok(attempt < 40, `no mail ${kind} to ${to}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function gone(session: string): Promise<void> {
  const deadline = Date.now() + 5_500;
  for (;;) {
    const outcome = await acme.client.getMe({ session }).catch((error: unknown) => error);
    if (refused('not-authenticated')(outcome)) return;
    assert.ok(Date.now() < deadline, 'still believed after five seconds');
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
}

const agePast = (minutes: number) =>
  acme.db.query(`UPDATE user_sessions SET confirmed_at = now() - make_interval(mins => $1::int)`, [minutes]);

test('with an app, the password is answered by a question, and each code works once', async () => {
  const { email, secret, uri, session, codes } = await withApp('doublee');
  assert.match(uri, /^otpauth:\/\/totp\/acme:/, 'listed under the platform’s name');
  assert.equal(codes.length, 10);
  const ask = async () => {
    const asked = await acme.client.signIn({
      body: { email, password: PASSWORD },
      clientAddress: network(),
    });
    assert.ok(asked.kind === 'challenge');
    assert.deepEqual(asked.methods, ['totp', 'recovery-code']);
    return asked.challenge;
  };
  const challenge = await ask();
  await assert.rejects(acme.client.getMe({ session: challenge }), refused('not-authenticated'));
  const code = codeOf(secret, 1);
  const confirm = (body: { challenge: string; code: string }, at = acme) =>
    at.client.confirmSignIn({ body, clientAddress: network() });
  await assert.rejects(confirm({ challenge, code }, voisin), refused('token-invalid'), 'asked elsewhere');
  const entered = await confirm({ challenge, code });
  assert.equal(entered.user.email, email);
  await assert.rejects(confirm({ challenge, code: codes[0] ?? '' }), refused('token-invalid'), 'answered');
  const again = await ask();
  await assert.rejects(confirm({ challenge: again, code }), refused('wrong-code'), 'used');
  const recovery = codes[0] ?? '';
  const outcomes = await Promise.allSettled(
    Array.from({ length: 4 }, () => confirm({ challenge: again, code: recovery })),
  );
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.equal((await acme.client.getMySecurity({ session })).recoveryCodes?.left, 9);
  assert.deepEqual(await mailsTo(email), ['signed-in', 'factor-added', 'signed-in', 'signed-in']);
});

test('five guesses, and a challenge is used up; guesses at once share one count', async () => {
  const { email, codes } = await withApp('devinee');
  const asked = await acme.client.signIn({ body: { email, password: PASSWORD }, clientAddress: network() });
  assert.ok(asked.kind === 'challenge');
  const { challenge } = asked;
  const guess = () =>
    acme.client.confirmSignIn({ body: { challenge, code: '000000' }, clientAddress: network() }).then(
      () => 'in',
      (error: ApiProblem) => error.problem.name,
    );
  const names = await Promise.all(Array.from({ length: 12 }, guess));
  assert.equal(names.filter((name) => name === 'wrong-code').length, 5, names.join());
  assert.equal(names.filter((name) => name === 'token-invalid').length, 7, names.join());
  await assert.rejects(
    acme.client.confirmSignIn({ body: { challenge, code: codes[0] ?? '' }, clientAddress: network() }),
    refused('token-invalid'),
  );
});

test('a passkey belongs to this platform’s host, and signs in alone where its person was verified', async () => {
  const { email, key, options } = await withPasskey('cle');
  assert.deepEqual(options.rp, { id: 'acme.localhost', name: 'acme' });
  const { client } = acme;
  const ask = () => client.beginPasskeySignIn({ body: {}, clientAddress: network() });
  const enter = (assertion: ReturnType<typeof key.get>, at = acme) =>
    at.client.signInByPasskey({ body: { assertion }, clientAddress: network() });
  const question = await ask();
  assert.deepEqual([question.rpId, 'allowCredentials' in question], ['acme.localhost', false]);
  const assertion = key.get(question);
  assert.equal((await enter(assertion)).user.email, email);
  await assert.rejects(enter(assertion), refused('passkey-refused'), 'each question is answered once');
  for (const twist of [
    { verified: false },
    { origin: 'http://voisin.localhost:8080' },
    { origin: 'http://localhost:8080' },
    { rpId: 'localhost' },
    { type: 'webauthn.create' },
  ]) {
    const refusal = enter(key.get(await ask(), twist));
    await assert.rejects(refusal, refused('passkey-refused'), JSON.stringify(twist));
  }
  const there = await voisin.client.beginPasskeySignIn({ body: {}, clientAddress: network() });
  await assert.rejects(enter(key.get(there), voisin), refused('passkey-refused'), 'nobody’s key next door');
  const asked = await client.signIn({ body: { email, password: PASSWORD }, clientAddress: network() });
  assert.ok(asked.kind === 'challenge');
  const second = await client.beginPasskeySignIn({ body: { challenge: asked.challenge } });
  assert.deepEqual(
    second.allowCredentials?.map(({ id }) => id),
    [key.id],
  );
  await client.signInByPasskey({
    body: { challenge: asked.challenge, assertion: key.get(second, { verified: false }) },
  });
  key.counter = 0;
  await assert.rejects(enter(key.get(await ask())), refused('passkey-refused'), 'a copy');
  assert.equal((await mailsTo(email)).at(-1), 'passkey-copied');
});

test('no link goes round the second factor: neither a mailed one, nor a reset, nor the hub’s', async () => {
  const { email, secret, id } = await withApp('contournee');
  await acme.client.requestSignInLink({ body: { email } });
  const link = await mailed(email, 'sign-in-link');
  const byLink = await acme.client.redeemSignInLink({ body: { token: link } });
  assert.equal(byLink.kind, 'challenge');
  await assert.rejects(acme.client.redeemSignInLink({ body: { token: link } }), refused('token-invalid'));
  const { token: handoff } = await issueHandoff(acme.db, { email, name: 'x', locale: 'fr' });
  assert.equal((await acme.client.redeemHandoff({ body: { token: handoff } })).kind, 'challenge');
  await acme.client.requestPasswordReset({ body: { email } });
  const token = await mailed(email, 'reset-password');
  const reset = await acme.client.resetPassword({ body: { token, password: NEXT } });
  assert.ok(reset.kind === 'challenge');
  const { sessions } = await acme.db.one<{ sessions: number }>(
    'SELECT count(*)::int AS sessions FROM user_sessions WHERE user_id = $1',
    [id],
  );
  assert.equal(sessions, 0, 'the reset closed what was open');
  await acme.client.confirmSignIn({ body: { challenge: reset.challenge, code: codeOf(secret, 1) } });
  assert.ok((await mailsTo(email)).includes('password-changed'));
});

test('what is sensitive asks again after ten minutes: the factor where there is one, else the password', async () => {
  const { client } = acme;
  const plain = await somebody('prudent');
  await agePast(11);
  await assert.rejects(client.beginMyTotp({ session: plain.session }), refused('confirmation-needed'));
  await assert.rejects(client.beginMyPasskey({ session: plain.session }), refused('confirmation-needed'));
  await assert.rejects(
    client.confirmMe({ session: plain.session, body: { password: 'faux' } }),
    refused('wrong-credentials'),
  );
  await client.confirmMe({ session: plain.session, body: { password: PASSWORD } });
  await client.beginMyTotp({ session: plain.session });

  const { session, key } = await withPasskey('prudente');
  await agePast(11);
  const [passkey] = (await client.getMySecurity({ session })).passkeys;
  const params = { passkeyId: passkey?.id ?? '' };
  await assert.rejects(client.removeMyPasskey({ session, params }), refused('confirmation-needed'));
  await assert.rejects(client.drawMyRecoveryCodes({ session }), refused('confirmation-needed'));
  await assert.rejects(
    client.changeMyPassword({ session, body: { current: PASSWORD, next: NEXT } }),
    refused('confirmation-needed'),
  );
  await assert.rejects(
    client.confirmMe({ session, body: { password: PASSWORD } }),
    refused('wrong-code'),
    'the password alone would undo the factor',
  );
  await client.confirmMe({
    session,
    body: { assertion: key.get(await client.beginMyConfirmation({ session })) },
  });
  await client.renameMyPasskey({ session, params, body: { name: 'Bureau' } });
  const stranger = await somebody('etrangere');
  await assert.rejects(
    client.renameMyPasskey({ session: stranger.session, params, body: { name: 'À moi' } }),
    refused('not-found'),
  );
  await assert.rejects(client.removeMyPasskey({ session: stranger.session, params }), refused('not-found'));
  const renewed = await client.removeMyPasskey({ session, params });
  await assert.rejects(client.getMe({ session }), refused('not-authenticated'), 'the token is new');
  const now = await client.getMySecurity({ session: renewed.token });
  assert.deepEqual([now.passkeys, now.recoveryCodes, now.confirmBy], [[], null, ['password']]);
});

test('a new password asks for the one before, ends every other session and is mailed', async () => {
  const { client } = acme;
  const { email, session } = await somebody('changeante');
  const elsewhere = (await signIn(acme, email)).token;
  const change = (current: string, next: string) =>
    client.changeMyPassword({ session, body: { current, next } });
  await assert.rejects(change('faux', NEXT), refused('wrong-credentials'));
  await assert.rejects(change(PASSWORD, 'motdepasse'), refused('password-too-weak'));
  const renewed = await change(PASSWORD, NEXT);
  await gone(session);
  await gone(elsewhere);
  await client.getMe({ session: renewed.token });
  await signIn(acme, email, { password: NEXT });
  assert.ok((await mailsTo(email)).includes('password-changed'));
});

test('sessions are listed, and ended one by one or all others within five seconds', async () => {
  const { client } = acme;
  const { email, session } = await somebody('partout');
  const phone = await signIn(acme, email, {
    userAgent:
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
    clientAddress: '192.0.2.7',
  });
  const other = await signIn(acme, email);
  const { sessions } = await client.getMySecurity({ session });
  assert.deepEqual(
    sessions.map(({ current }) => current),
    [true, false, false],
  );
  const listed = sessions.find(({ form }) => form === 'phone');
  assert.deepEqual([listed?.browser, listed?.system, listed?.address], ['Safari', 'iOS', '192.0.2.7']);
  const params = { sessionId: listed?.id ?? '' };
  const neighbour = await somebody('voisine');
  await assert.rejects(client.endMySession({ session: neighbour.session, params }), refused('not-found'));
  await client.endMySession({ session, params });
  await gone(phone.token);
  await client.endMyOtherSessions({ session });
  await gone(other.token);
  assert.equal((await client.getMySecurity({ session })).sessions.length, 1);
});

test('a session ends after two weeks without use, with a new sign-in of its browser and with a change of role', async () => {
  const absent = await somebody('absente');
  await acme.db.query(
    `UPDATE user_sessions SET last_seen_at = now() - interval '15 days' WHERE user_id = $1`,
    [absent.id],
  );
  await gone(absent.session);

  const turning = await somebody('tournante');
  assert.notEqual((await signIn(acme, turning.email, { session: turning.session })).token, turning.session);
  await gone(turning.session);

  const promoted = await somebody('promue');
  const administrator = await somebody('chef', 'administrator');
  await acme.client.updatePerson({
    session: administrator.session,
    params: { userId: promoted.id },
    body: { role: 'trainer' },
  });
  await gone(promoted.session);
});

test('the same address on two platforms is two people', async () => {
  const here = await withApp('jumelle');
  const there = await somebody('jumelle', 'learner', voisin);
  assert.notEqual(here.id, there.id);
  const { totp, sessions } = await voisin.client.getMySecurity({ session: there.session });
  assert.deepEqual([totp, sessions.length], [null, 1], 'no question of the other’s factor');
  await voisin.client.changeMyPassword({ session: there.session, body: { current: PASSWORD, next: NEXT } });
  const asked = await acme.client.signIn({ body: { email: here.email, password: PASSWORD } });
  assert.equal(asked.kind, 'challenge', 'the password here is the one before');
  await acme.client.getMe({ session: here.session });
  await assert.rejects(voisin.client.getMe({ session: here.session }), refused('not-authenticated'));
  const guess = () =>
    voisin.client.signIn({ body: { email: here.email, password: 'faux' }, clientAddress: network() });
  for (let n = 0; n < 8; n += 1) await guess().catch(() => undefined);
  await assert.rejects(guess(), refused('too-many-attempts'));
  const again = await acme.client.signIn({
    body: { email: here.email, password: PASSWORD },
    clientAddress: network(),
  });
  assert.equal(again.kind, 'challenge', 'slowed next door only');
});

test('guesses are slowed, whether somebody has the address or not; the owner is not locked out', async () => {
  const victim = await somebody('attaquee');
  const stranger = await somebody('tierce');
  const guess = (email: string) =>
    acme.client.signIn({ body: { email, password: 'au hasard' }, clientAddress: network() }).then(
      () => 'in',
      (error: unknown) => (error instanceof ApiProblem ? error.problem.name : 'failed'),
    );
  for (const email of ['personne@exemple.test', victim.email]) {
    const names = await Promise.all(Array.from({ length: 20 }, () => guess(email)));
    const count = (name: string) => names.filter((one) => one === name).length;
    assert.equal(count('wrong-credentials') + count('too-many-attempts'), 20, names.join());
    assert.ok(count('too-many-attempts') > 0, names.join());
    assert.ok(count('wrong-credentials') >= 6, names.join());
  }
  // However slow this machine is, the wait is not over.
  await acme.db.query(
    `UPDATE user_throttles SET blocked_until = now() + interval '1 minute' WHERE failures > 5`,
  );
  await assert.rejects(signIn(acme, victim.email), refused('too-many-attempts'), 'an unknown browser');
  await assert.rejects(
    signIn(acme, victim.email, { device: stranger.device }),
    refused('too-many-attempts'),
    'another’s device is nobody’s',
  );
  await signIn(acme, victim.email, { device: victim.device });
  await acme.client.requestSignInLink({ body: { email: victim.email } });
  const token = await mailed(victim.email, 'sign-in-link');
  const entered = await acme.client.redeemSignInLink({ body: { token }, clientAddress: network() });
  assert.equal(entered.kind, 'session');
});

test('nobody learns from any way in whether an address is known', async () => {
  const { client } = acme;
  await acme.db.query(`UPDATE site_settings SET registration = 'open'`);
  const plain = (await somebody('connue')).email;
  const guarded = (await withApp('gardee')).email;
  const off = await somebody('fermee');
  await acme.db.query(`UPDATE users SET status = 'disabled' WHERE id = $1`, [off.id]);
  const body = { name: 'X', password: NEXT, locale: 'fr' } as const;
  const ways: Record<string, (email: string) => Promise<unknown>> = {
    password: (email) =>
      client.signIn({ body: { email, password: 'ce n’est pas lui' }, clientAddress: network() }),
    link: (email) => client.requestSignInLink({ body: { email } }),
    reset: (email) => client.requestPasswordReset({ body: { email } }),
    registration: (email) => client.register({ body: { ...body, email } }),
  };
  for (const [name, way] of Object.entries(ways)) {
    const answerTo = (email: string) =>
      way(email).then(
        (value) => ({ value }),
        (error: ApiProblem) => ({ ...error.problem, reference: '' }),
      );
    const nobody = await answerTo(`inconnue-${name}@exemple.test`);
    for (const email of [plain, guarded, off.email]) assert.deepEqual(await answerTo(email), nobody, name);
  }
});

test('a platform asks its administrators for a second factor, at once or after days of grace', async () => {
  const strict = await backend.instance('strict');
  const { client } = strict;
  const chief = await somebody('cheffe', 'administrator', strict);
  const other = await somebody('adjointe', 'administrator', strict);
  const learner = await somebody('apprenante', 'learner', strict);
  const ask = (session: string, rule: 'optional' | 'administrators' | 'everybody', graceDays = 0) =>
    client.askForSecondFactor({ session, body: { rule, graceDays } });
  const reads = ({ session }: { session: string }) => client.getSettings({ session });

  await assert.rejects(ask(learner.session, 'optional'), refused('forbidden'));
  await assert.rejects(ask(chief.session, 'administrators'), refused('second-factor-needed'), 'has none');
  const { secret } = await client.beginMyTotp({ session: chief.session });
  const added = await client.confirmMyTotp({ session: chief.session, body: { code: codeOf(secret) } });
  chief.session = added.session.token;

  const later = await ask(chief.session, 'administrators', 7);
  const days = (Date.parse(later.secondFactor.from ?? '') - Date.now()) / 86_400_000;
  assert.ok(days > 6.9 && days <= 7, `${days} days of grace`);
  await reads(other);
  assert.equal((await client.getMe({ session: other.session })).factorDue, later.secondFactor.from);
  assert.equal((await client.getMe({ session: learner.session })).factorDue, null);

  const told = async (email: string) =>
    (
      await backend.platform.query<{ kind: string }>(
        `SELECT kind FROM mails WHERE "to" = $1 AND kind LIKE 'factor-%' ORDER BY created_at, id`,
        [email],
      )
    ).map(({ kind }) => kind);
  const remind = () => remindOfRule(strict.db, backend.platform, 'http://localhost:8080');
  assert.deepEqual(await told(other.email), ['factor-asked']);
  assert.deepEqual([await told(chief.email), await told(learner.email)], [[], []], 'has it; is not asked');
  assert.equal(await remind(), 0, 'a week is long');
  await strict.db.query(`UPDATE site_settings SET second_factor_from = now() + interval '47 hours'`);
  await backend.platform.query(
    `UPDATE mails SET created_at = now() - interval '5 days' WHERE kind = 'factor-asked'`,
  );
  assert.equal(await remind(), 1);
  assert.equal(await remind(), 0, 'once');
  assert.deepEqual(await told(other.email), ['factor-asked', 'factor-reminder']);

  const now = await ask(chief.session, 'administrators');
  assert.deepEqual(now.secondFactor, { rule: 'administrators', from: null });
  await strict.db.query(
    `UPDATE user_sessions SET confirmed_at = now() - interval '11 minutes' WHERE user_id = $1`,
    [chief.id],
  );
  await assert.rejects(ask(chief.session, 'optional'), refused('confirmation-needed'));
  const fresh = await signIn(strict, other.email);
  await assert.rejects(client.getSettings({ session: fresh.token }), refused('second-factor-needed'));
  await assert.rejects(client.listPeople({ session: fresh.token }), refused('second-factor-needed'));
  await client.getMySecurity({ session: fresh.token });
  await client.listCourses({ session: learner.session });
  await reads(chief);

  const begun = await client.beginMyTotp({ session: fresh.token });
  const inside = await client.confirmMyTotp({ session: fresh.token, body: { code: codeOf(begun.secret) } });
  await reads({ session: inside.session.token });
  const entries = await strict.db.query<{ details: string }>(
    `SELECT details FROM audit_entries WHERE action = 'settings.changed'`,
  );
  assert.deepEqual(
    entries.map(({ details }) => JSON.parse(details)),
    [{ fields: ['secondFactor'] }, { fields: ['secondFactor'] }],
  );
});

test('an administrator takes lost factors away: the mailbox leads in again, and nobody helps themselves or above', async () => {
  const { client, db } = acme;
  const chief = await withApp('secourante', 'administrator');
  const lost = await withPasskey('perdue', 'trainer');
  const reset = (session: string, userId: string) =>
    client.resetPersonFactors({ session, params: { userId } });

  await assert.rejects(reset(lost.session, chief.id), refused('forbidden'));
  await assert.rejects(reset(chief.session, chief.id), refused('forbidden'), 'one’s own');
  const { key } = await client.createRole({
    session: chief.session,
    body: { name: 'Accueil', grants: { 'person.manage': ['all'] } },
  });
  const desk = await somebody('accueil');
  await client.updatePerson({ session: chief.session, params: { userId: desk.id }, body: { role: key } });
  const { token: front } = await signIn(acme, desk.email);
  await assert.rejects(reset(front, lost.id), refused('forbidden'), 'a trainer may more');
  const plain = await somebody('sansfacteur');
  await assert.rejects(reset(front, plain.id), refused('state-forbids'), 'nothing to take away');
  const stranger = await somebody('etrangere', 'learner', voisin);
  await assert.rejects(reset(chief.session, stranger.id), refused('not-found'));
  await agePast(11);
  await assert.rejects(reset(chief.session, lost.id), refused('confirmation-needed'));
  const { items } = await client.listPeople({ session: chief.session, query: { search: lost.email } });
  assert.equal(items[0]?.secondFactor, true, 'refused, nothing was taken');
  await agePast(0);

  await client.requestSignInLink({ body: { email: lost.email } });
  const before = await mailed(lost.email, 'sign-in-link');
  assert.equal((await reset(chief.session, lost.id)).secondFactor, false);
  await gone(lost.session);
  const told = await backend.platform.one<{ text: string }>(
    `SELECT text FROM mails WHERE "to" = $1 AND kind = 'security-factors-reset'`,
    [lost.email],
  );
  assert.match(told.text, /secourante a retiré/);
  assert.match(told.text, /\/password\/forgot/);
  assert.ok(!told.text.includes('198.51.100.'), 'where the helper sits is not told');
  await assert.rejects(
    client.signIn({ body: { email: lost.email, password: PASSWORD }, clientAddress: network() }),
    refused('wrong-credentials'),
    'the password alone leads nowhere',
  );
  await assert.rejects(client.redeemSignInLink({ body: { token: before } }), refused('token-invalid'));
  const options = await client.beginPasskeySignIn({ body: {}, clientAddress: network() });
  await assert.rejects(
    client.signInByPasskey({ body: { assertion: lost.key.get(options) }, clientAddress: network() }),
    refused('passkey-refused'),
  );
  await client.requestPasswordReset({ body: { email: lost.email } });
  const token = await mailed(lost.email, 'reset-password');
  const entered = await client.resetPassword({ body: { token, password: NEXT }, clientAddress: network() });
  assert.equal(entered.kind, 'session');
  const entry = await db.one<{ actor: string; target: string }>(
    `SELECT actor, target FROM audit_entries WHERE action = 'factor.reset'`,
  );
  assert.deepEqual(entry, { actor: chief.id, target: lost.id });
});

test('an administrator signs somebody out everywhere; nobody does it to themselves, above them or elsewhere', async () => {
  const { client, db } = acme;
  const chief = await withApp('cheffe', 'administrator');
  const lost = await withPasskey('egaree', 'trainer');
  const second = await openSession(db, users, lost.id, somewhere);
  const end = (session: string, userId: string) => client.endPersonSessions({ session, params: { userId } });

  await assert.rejects(end(lost.session, chief.id), refused('forbidden'));
  await assert.rejects(end(chief.session, chief.id), refused('forbidden'), 'one’s own');
  const { key } = await client.createRole({
    session: chief.session,
    body: { name: 'Guichet', grants: { 'person.manage': ['all'] } },
  });
  const desk = await somebody('guichet');
  await client.updatePerson({ session: chief.session, params: { userId: desk.id }, body: { role: key } });
  const { token: front } = await signIn(acme, desk.email);
  await assert.rejects(end(front, lost.id), refused('forbidden'), 'a trainer may more');
  const stranger = await somebody('lointaine', 'learner', voisin);
  await assert.rejects(end(chief.session, stranger.id), refused('not-found'));
  await client.getMe({ session: lost.session });

  await end(chief.session, lost.id);
  await gone(lost.session);
  await gone(second.token);
  await client.getMe({ session: chief.session });
  const { items } = await client.listPeople({ session: chief.session, query: { search: lost.email } });
  assert.deepEqual(
    [items[0]?.state, items[0]?.secondFactor],
    ['active', true],
    'may sign in again as before',
  );
  const entry = await db.one<{ actor: string; target: string }>(
    `SELECT actor, target FROM audit_entries WHERE action = 'person.signed-out'`,
  );
  assert.deepEqual(entry, { actor: chief.id, target: lost.id });
});
