import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { SYNTHETIC_DOMAIN } from '@preau/contract/platform/synthetic';
import pg from 'pg';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import {
  apply,
  type Customer,
  checkOut,
  customer,
  mailedToken,
  PASSWORD,
  placeOrder,
  snapshotOf,
} from '../testing/customer.ts';

let backend: TestBackend;
let superuserUrl = '';
before(async () => {
  backend = await testBackend(async (database) => {
    superuserUrl = database.superuserUrl;
    return {};
  });
});
after(() => backend.close());

/** Rows by table, but for what grows by itself: logs and what was planted before. */
async function census(): Promise<Map<string, number>> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  const { rows } = await client.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE '%audit%'`,
  );
  const counts = new Map<string, number>();
  for (const { name } of rows) {
    const counted = await client.query<{ count: string }>(
      `SELECT count(*) FROM ${pg.escapeIdentifier(name)}`,
    );
    counts.set(name, Number(counted.rows[0]?.count));
  }
  await client.end();
  return counts;
}

async function syntheticCustomer(name: string): Promise<Customer> {
  const email = `${name}@${SYNTHETIC_DOMAIN}`;
  const { hub } = backend;
  await hub.signUp({ body: { email, password: PASSWORD, name, locale: 'fr' } });
  const token = await mailedToken(backend, email, 'verify-address');
  const { token: session, account } = await hub.verifyAccount({ body: { token } });
  const { id } = await hub.createOrganisation({ session, body: { name: 'Visite de contrôle' } });
  return { email, accountId: account.id, session, organisationId: id };
}

test('a synthetic customer is removed whole, when the platform and the subscription are over', async () => {
  const { operator, platform } = backend;
  // Somebody who stays, with all that a customer has.
  const real = await customer(backend, 'reelle');
  const theirs = await checkOut(backend, real, await placeOrder(backend, real, 'reelle'));
  await apply(backend, snapshotOf(theirs));
  const before = await census();

  const visit = await syntheticCustomer('visite-1');
  const order = await checkOut(backend, visit, await placeOrder(backend, visit, 'visite-1'));
  const { instanceId } = await apply(backend, snapshotOf(order));
  assert.ok(instanceId);
  await operator.ensureTenant({ params: { instanceId } });
  await operator.claimSubdomainForInstance({ params: { instanceId } });
  const { id: provisioning } = await platform.one<{ id: string }>(
    'SELECT id FROM operations WHERE instance_id = $1',
    [instanceId],
  );

  const busy = await operator.removeSyntheticCustomers();
  assert.equal(busy.left, 2);
  assert.deepEqual(busy.subscriptions, [{ provider: 'sandbox', ref: `subscription-${order.id}` }]);
  await operator.startOperation({ params: { operationId: provisioning }, body: { steps: ['route'] } });
  await operator.finishOperation({
    params: { operationId: provisioning },
    body: { outcome: 'succeeded', error: null },
  });

  await operator.removeSyntheticCustomers();
  await operator.removeSyntheticCustomers();
  const open = await platform.query<{ id: string; type: string }>(
    `SELECT id, type FROM operations WHERE instance_id = $1 AND state IN ('pending', 'running')`,
    [instanceId],
  );
  assert.deepEqual(
    open.map(({ type }) => type),
    ['delete'],
    'asked twice, opened once',
  );
  await operator.purgeTenant({ params: { instanceId } });
  await operator.finishOperation({
    params: { operationId: open[0]?.id ?? '' },
    body: { outcome: 'succeeded', error: null },
  });
  await operator.observeInstance({ params: { instanceId }, body: { lifecycle: 'purged' } });
  await apply(backend, snapshotOf(order, { state: 'cancelled', rawState: 'cancelled' }));

  assert.equal((await operator.removeSyntheticCustomers()).left, 0);
  assert.deepEqual(await census(), before);
  assert.equal((await operator.removeSyntheticCustomers()).left, 0, 'nobody is there');
});

test('the operator reads the mail of synthetic customers only', async () => {
  const { operator } = backend;
  const real = await customer(backend, 'lectrice');
  const [mailbox = ''] = real.email.split('@');
  assert.equal((await operator.readSyntheticMail({ body: { mailbox } })).text, null);
  await assert.rejects(operator.readSyntheticMail({ body: { mailbox: real.email } }), /invalid-request/);
  await syntheticCustomer('visite-2');
  const { text } = await operator.readSyntheticMail({ body: { mailbox: 'visite-2' } });
  assert.match(text ?? '', /token=/);
});
