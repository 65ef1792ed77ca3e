import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { customer, mailedToken, PASSWORD, signInAccount } from '../testing/customer.ts';

let backend: TestBackend;
before(async () => {
  backend = await testBackend();
});
after(() => backend.close());

const refused = (name: string) => (error: unknown) => error instanceof ApiProblem && error.is(name as never);

test('an address is changed by a mail to the new one, in a session of the account, and follows on its platforms', async () => {
  const { hub, platform } = backend;
  const mover = await customer(backend, 'partante');
  const to = 'arrivee@client.test';
  const { session } = mover;
  const atelier = await backend.instance('demenage');
  const { id: userId } = await atelier.db.one<{ id: string }>(
    `INSERT INTO users (email, name, role) VALUES ($1, 'Partante', 'administrator') RETURNING id`,
    [mover.email],
  );
  const kinds = async (address: string) =>
    (
      await platform.query<{ kind: string }>(
        `SELECT kind FROM mails WHERE "to" = $1 AND kind LIKE '%address%' ORDER BY created_at, id`,
        [address],
      )
    ).map(({ kind }) => kind);
  await platform.query(
    `UPDATE account_sessions SET confirmed_at = now() - interval '11 minutes' WHERE account_id = $1`,
    [mover.accountId],
  );
  await assert.rejects(
    hub.requestAccountEmail({ session, body: { email: to } }),
    refused('confirmation-needed'),
  );
  await hub.confirmAccount({ session, body: { password: PASSWORD } });
  const other = await customer(backend, 'voisine');
  await hub.requestAccountEmail({ session, body: { email: other.email } });
  assert.deepEqual((await kinds(other.email)).slice(-1), ['address-taken'], 'only its mailbox learns of it');
  await hub.requestAccountEmail({ session, body: { email: to } });
  assert.deepEqual((await kinds(mover.email)).slice(-2), ['new-address-asked', 'new-address-asked']);
  const token = await mailedToken(backend, to, 'confirm-new-address');
  const elsewhere = await signInAccount(backend, mover.email);
  await assert.rejects(
    hub.confirmAccountEmail({ session: other.session, body: { token } }),
    refused('token-invalid'),
    'a stranger at a mistyped address',
  );
  await platform.query(`UPDATE instances SET organisation_id = $1 WHERE slug = 'demenage'`, [
    mover.organisationId,
  ]);
  const changed = await hub.confirmAccountEmail({ session, body: { token } });
  assert.equal(changed.email, to);
  await assert.rejects(hub.getAccount({ session: elsewhere.token }), refused('not-authenticated'));
  await assert.rejects(
    hub.confirmAccountEmail({ session, body: { token } }),
    refused('token-invalid'),
    'works once',
  );
  await signInAccount(backend, to);
  await assert.rejects(signInAccount(backend, mover.email), refused('wrong-credentials'));
  assert.deepEqual((await kinds(mover.email)).slice(-1), ['new-address-set']);
  assert.deepEqual(await atelier.db.one('SELECT u.email FROM users u WHERE u.id = $1', [userId]), {
    email: to,
  });
});
