import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import { Secret, TOTP } from 'otpauth';
import { hashPassword } from '../authentication/password.ts';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { customer, mailedToken, PASSWORD, paidInstance } from '../testing/customer.ts';

let backend: TestBackend;
before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
});
after(() => backend.close());

const refused = (name: string) => (error: unknown) => error instanceof ApiProblem && error.is(name as never);
const password = 'une phrase de notre équipe';

async function member(name: string): Promise<string> {
  const email = `${name}@preau.test`;
  await backend.platform.query('INSERT INTO staff (email, name, password_hash) VALUES ($1, $2, $3)', [
    email,
    name,
    await hashPassword(password),
  ]);
  return email;
}
const codeOf = (secret: string, shift = 0) =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + shift * 30_000 });

test('the first sign-in enrols an app, later ones ask for its codes, each once', async () => {
  const email = await member('ana');
  const first = await backend.hub.signInStaff({ body: { email, password } });
  assert.ok(first.enrolment);
  const { secret } = first.enrolment;
  const again = await backend.hub.signInStaff({ body: { email, password } });
  assert.equal(
    again.enrolment?.secret,
    secret,
    'a page that is loaded twice keeps the code that was scanned',
  );

  const code = codeOf(secret);
  const opened = await backend.hub.confirmStaffCode({ body: { challenge: first.challenge, code } });
  assert.equal((await backend.hub.getStaff({ session: opened.token })).email, email);
  await assert.rejects(
    backend.hub.confirmStaffCode({ body: { challenge: again.challenge, code } }),
    refused('wrong-code'),
    'the same code again',
  );
  const later = await backend.hub.signInStaff({ body: { email, password } });
  assert.equal(later.enrolment, null);
  await backend.hub.confirmStaffCode({ body: { challenge: later.challenge, code: codeOf(secret, 1) } });
  await backend.hub.signOutStaff({ session: opened.token });
  await assert.rejects(backend.hub.getStaff({ session: opened.token }), refused('not-authenticated'));
});

test('one code presented ten times at once opens one session', async () => {
  const email = await member('zoe');
  const challenges = [];
  // One after the other: passwords that are still being looked at count as wrong ones, and slow the next one down.
  for (let n = 0; n < 5; n += 1)
    challenges.push(await backend.hub.signInStaff({ body: { email, password } }));
  const secret = challenges[0]?.enrolment?.secret ?? '';
  assert.equal(new Set(challenges.map(({ enrolment }) => enrolment?.secret)).size, 1);
  const code = codeOf(secret);
  const outcomes = await Promise.allSettled(
    challenges.flatMap(({ challenge }) => [
      backend.hub.confirmStaffCode({ body: { challenge, code } }),
      backend.hub.confirmStaffCode({ body: { challenge, code } }),
    ]),
  );
  assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
});

test('a challenge allows five codes, and is no session', async () => {
  const email = await member('eve');
  const { challenge, enrolment } = await backend.hub.signInStaff({ body: { email, password } });
  await assert.rejects(backend.hub.getStaff({ session: challenge }), refused('not-authenticated'));
  for (let attempt = 0; attempt < 5; attempt += 1)
    await assert.rejects(
      backend.hub.confirmStaffCode({ body: { challenge, code: '000000' } }),
      refused('wrong-code'),
    );
  await assert.rejects(
    backend.hub.confirmStaffCode({ body: { challenge, code: codeOf(enrolment?.secret ?? '') } }),
    refused('token-invalid'),
  );
});

test('what staff do is written down, and the log cannot be changed', async () => {
  const email = await member('max');
  const { challenge, enrolment } = await backend.hub.signInStaff({ body: { email, password } });
  const { token: session } = await backend.hub.confirmStaffCode({
    body: { challenge, code: codeOf(enrolment?.secret ?? '') },
  });
  const buyer = await customer(backend, 'auditee');
  const { instanceId } = await paidInstance(backend, buyer, 'auditee');
  await assert.rejects(
    backend.hub.adminRequestOperation({
      session: buyer.session,
      params: { instanceId },
      body: { type: 'suspend', reason: 'je voudrais' },
    }),
    refused('not-authenticated'),
    'a customer is no staff',
  );
  const [open] = (await backend.operator.listOpenOperations()).items;
  assert.ok(open);
  await backend.operator.finishOperation({
    params: { operationId: open.id },
    body: { outcome: 'succeeded', error: null },
  });
  await backend.operator.observeInstance({ params: { instanceId }, body: { lifecycle: 'live' } });
  await backend.hub.adminRequestOperation({
    session,
    params: { instanceId },
    body: { type: 'suspend', reason: 'contenu illicite' },
    clientAddress: '203.0.113.9',
  });
  const { items } = await backend.hub.listAuditEntries({ session, query: { person: email } });
  const event = items.find(({ action }) => action === 'instance.suspend-requested');
  assert.equal(event?.address, '203.0.113.9');
  assert.equal(event?.note, 'contenu illicite');
  assert.equal(event?.names[instanceId], 'auditee');
  for (const sql of ['UPDATE platform_audit_entries SET actor = actor', 'DELETE FROM platform_audit_entries'])
    await assert.rejects(backend.platform.query(sql), /permission denied/);
});

/** Somebody of ours, signed in with the app that they have just set up. */
async function enrolled(name: string) {
  const email = await member(name);
  const { challenge, enrolment } = await backend.hub.signInStaff({ body: { email, password } });
  const code = codeOf(enrolment?.secret ?? '');
  const { token, staff } = await backend.hub.confirmStaffCode({ body: { challenge, code } });
  return { id: staff.id, email, session: token };
}

test('a colleague, or an account, who lost every factor is helped by staff: not alone, and never oneself', async () => {
  const { hub } = backend;
  const [helper, lost] = [await enrolled('aide'), await enrolled('sans-rien')];
  const reset = (kind: 'account' | 'staff', personId: string) =>
    hub.resetHubFactors({
      session: helper.session,
      params: { personId },
      body: { kind, reason: 'rappelée au numéro connu' },
    });

  await assert.rejects(reset('staff', helper.id), refused('forbidden'));
  await reset('staff', lost.id);
  await assert.rejects(hub.getStaff({ session: lost.session }), refused('not-authenticated'));
  const again = await hub.signInStaff({ body: { email: lost.email, password } });
  assert.deepEqual(again.methods, []);
  assert.ok(again.enrolment, 'sets a factor up before anything else');
  await assert.rejects(reset('staff', lost.id), refused('state-forbids'));

  const client = await customer(backend, 'distraite');
  const { secret } = await hub.beginAccountTotp({ session: client.session });
  await hub.confirmAccountTotp({ session: client.session, body: { code: codeOf(secret) } });
  const { items } = await hub.listHubPeople({ session: helper.session, query: { search: client.email } });
  assert.deepEqual(
    items.map(({ secondFactor, organisations }) => [secondFactor, organisations]),
    [[true, ['Organisation distraite']]],
  );
  await assert.rejects(reset('staff', client.accountId), refused('not-found'), 'another kind of people');
  await reset('account', client.accountId);
  await assert.rejects(
    hub.signInAccount({ body: { email: client.email, password: PASSWORD } }),
    refused('wrong-credentials'),
    'who knew the password gains nothing',
  );
  await hub.requestAccountPasswordReset({ body: { email: client.email } });
  let token: string | undefined;
  // Written while the answer leaves.
  while (!token) token = await mailedToken(backend, client.email, 'reset-password').catch(() => undefined);
  const back = await hub.resetAccountPassword({ body: { token, password: 'une tout autre phrase' } });
  assert.equal(back.kind, 'session');

  await backend.platform.query(
    `UPDATE staff_sessions SET confirmed_at = now() - interval '11 minutes' WHERE staff_member_id = $1`,
    [helper.id],
  );
  await assert.rejects(reset('account', client.accountId), refused('confirmation-needed'));
  const entries = await hub.listAuditEntries({ session: helper.session, query: { person: helper.email } });
  assert.deepEqual(
    entries.items
      .filter(({ action }) => action.endsWith('.factors-reset'))
      .map(({ action, target, note }) => [action, target, note]),
    [
      ['account.factors-reset', client.accountId, 'rappelée au numéro connu'],
      ['staff.factors-reset', lost.id, 'rappelée au numéro connu'],
    ],
  );
});

test('staff sign an account, or a colleague, out everywhere: with a reason, having just proved themselves', async () => {
  const { hub } = backend;
  const [helper, colleague] = [await enrolled('gardienne'), await enrolled('etourdi')];
  const client = await customer(backend, 'egaree');
  const reason = 'portable volé dans un train';
  const end = (kind: 'account' | 'staff', personId: string) =>
    hub.endHubSessions({ session: helper.session, params: { personId }, body: { kind, reason } });
  const open = async (table: string, owner: string, id: string) =>
    (await backend.platform.query(`SELECT 1 FROM ${table} WHERE ${owner} = $1`, [id])).length;

  await assert.rejects(end('staff', helper.id), refused('forbidden'));
  await assert.rejects(end('staff', client.accountId), refused('not-found'), 'another kind of people');
  await end('staff', colleague.id);
  await end('account', client.accountId);
  assert.equal(await open('staff_sessions', 'staff_member_id', colleague.id), 0);
  assert.equal(await open('account_sessions', 'account_id', client.accountId), 0);
  assert.equal(await open('staff_sessions', 'staff_member_id', helper.id), 1);
  await backend.platform.query(
    `UPDATE staff_sessions SET confirmed_at = now() - interval '11 minutes' WHERE staff_member_id = $1`,
    [helper.id],
  );
  await assert.rejects(end('account', client.accountId), refused('confirmation-needed'));
  const entries = await hub.listAuditEntries({ session: helper.session, query: { person: helper.email } });
  assert.deepEqual(
    entries.items
      .filter(({ action }) => action.endsWith('.sessions-ended'))
      .map(({ action, target, note }) => [action, target, note]),
    [
      ['account.sessions-ended', client.accountId, reason],
      ['staff.sessions-ended', colleague.id, reason],
    ],
  );
});
