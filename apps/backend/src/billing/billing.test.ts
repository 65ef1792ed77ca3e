import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import type { Order } from '@preau/contract/platform/orders';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { apply, type Customer, checkOut, customer, placeOrder, snapshotOf } from '../testing/customer.ts';
import { pursueOverdue } from './pursue.ts';

let backend: TestBackend;
let buyer: Customer;
before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
  buyer = await customer(backend, 'acheteuse');
});
after(() => backend.close());

const refused = (name: string) => (error: unknown) => error instanceof ApiProblem && error.is(name as never);
const open = async (slug: string): Promise<Order> =>
  checkOut(backend, buyer, await placeOrder(backend, buyer, slug));
const count = async (sql: string, values: unknown[]) =>
  (await backend.platform.one<{ n: number }>(`SELECT count(*)::int AS n FROM ${sql}`, values)).n;
const readInstance = (id: string) =>
  backend.platform.one<{ wanted: string; readOnly: boolean; lifecycle: string }>(
    'SELECT wanted, read_only AS "readOnly", lifecycle FROM instances WHERE id = $1',
    [id],
  );
const DAY = 86_400_000;

test('coming back from the checkout provisions nothing; payment does', async () => {
  const order = await open('sans-paiement');
  assert.equal(order.state, 'awaiting_payment');
  assert.equal(
    (await backend.hub.getOrder({ session: buyer.session, params: { orderId: order.id } })).instanceId,
    null,
  );
  await apply(backend, snapshotOf(order, { state: 'pending' }));
  assert.equal(await count('instances WHERE order_id = $1', [order.id]), 0);

  const { instanceId } = await apply(backend, snapshotOf(order));
  const paid = await backend.hub.getOrder({ session: buyer.session, params: { orderId: order.id } });
  assert.equal(paid.state, 'paid');
  assert.equal(paid.instanceId, instanceId);
  const { items } = await backend.operator.listOpenOperations();
  assert.deepEqual(
    items
      .filter((operation) => operation.instanceId === instanceId)
      .map(({ type, state }) => ({ type, state })),
    [{ type: 'provision', state: 'pending' }],
  );
});

test('the same event twenty times at once is stored once and has one effect', async () => {
  const order = await open('vingt-fois');
  const entry = {
    provider: 'sandbox' as const,
    livemode: false,
    eventId: `evt-${order.id}`,
    type: 'subscription.updated',
    subscriptionRef: `subscription-${order.id}`,
    occurredAt: new Date().toISOString(),
    payload: '{}',
  };
  const stored = await Promise.all(
    Array.from({ length: 20 }, () => backend.hub.storeInboxEntry({ body: entry })),
  );
  assert.equal(stored.filter(({ duplicate }) => !duplicate).length, 1);
  assert.equal(new Set(stored.map(({ id }) => id)).size, 1);

  const outcomes = await Promise.allSettled(
    Array.from({ length: 20 }, () => apply(backend, snapshotOf(order))),
  );
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') assert.ok(refused('conflict')(outcome.reason), String(outcome.reason));
  assert.equal(await count('instances WHERE order_id = $1', [order.id]), 1);
  assert.equal(
    await count(
      `effects e JOIN subscriptions s ON s.id = e.subscription_id WHERE s.order_id = $1 AND e.kind = 'provision'`,
      [order.id],
    ),
    1,
  );
  assert.equal(
    await count('operations o JOIN instances i ON i.id = o.instance_id WHERE i.order_id = $1', [order.id]),
    1,
  );
});

test('what was fetched earlier never replaces what was fetched later', async () => {
  const order = await open('a-l-envers');
  const params = { provider: 'sandbox' as const, ref: `subscription-${order.id}` };
  const { revision } = await backend.operator.getSubscriptionRevision({ params });
  // Two workers read the same revision; the one that fetched the newer state stores it first.
  await backend.operator.applySubscription({
    params,
    body: { expectedRevision: revision, snapshot: snapshotOf(order) },
  });
  const late = { expectedRevision: revision, snapshot: snapshotOf(order, { state: 'pending' }) };
  await assert.rejects(backend.operator.applySubscription({ params, body: late }), refused('conflict'));
  assert.equal(await count(`subscriptions WHERE ref = $1 AND state = 'active'`, [params.ref]), 1);
});

test('the same state again is no new revision, invoices are stored once', async () => {
  const order = await open('deux-fois');
  const invoices = [
    {
      ref: `in-${order.id}`,
      number: 'F-1',
      state: 'paid' as const,
      currency: 'EUR' as const,
      totalMinor: 5_880,
      taxMinor: 980,
      issuedAt: '2026-11-01T00:00:00.000Z',
      url: null,
    },
  ];
  const first = await apply(backend, snapshotOf(order, { invoices }));
  const second = await apply(backend, snapshotOf(order, { invoices }));
  assert.deepEqual([first.changed, second.changed, second.revision], [true, false, first.revision]);
  const billing = await backend.hub.getBilling({
    session: buyer.session,
    params: { organisationId: buyer.organisationId },
  });
  assert.deepEqual(
    billing.invoices
      .filter(({ ref }) => ref === `in-${order.id}`)
      .map(({ totalMinor, taxMinor }) => [totalMinor, taxMinor]),
    [[5_880, 980]],
  );
});

test('a subscription belongs to whom its checkout and its customer say, not to whom it claims', async () => {
  const stranger = await customer(backend, 'etrangere');
  const theirs = await checkOut(backend, stranger, await placeOrder(backend, stranger, 'la-leur'));
  const order = await open('la-mienne');
  await assert.rejects(
    apply(backend, snapshotOf(order, { customerRef: `customer-${theirs.organisationId}` })),
    refused('not-found'),
  );
  await assert.rejects(apply(backend, snapshotOf(order, { checkoutRef: 'unknown' })), refused('not-found'));
  await assert.rejects(
    backend.hub.getOrder({ session: stranger.session, params: { orderId: order.id } }),
    refused('not-found'),
  );
  await assert.rejects(
    backend.hub.getBilling({ session: stranger.session, params: { organisationId: buyer.organisationId } }),
    refused('not-found'),
  );
});

test('overdue: mail at once, read-only after a week, suspended after two, and back as soon as it is paid', async () => {
  const order = await open('en-retard');
  const { instanceId } = await apply(backend, snapshotOf(order));
  assert.ok(instanceId);
  await backend.operator.observeInstance({ params: { instanceId }, body: { lifecycle: 'live' } });
  const operation = (await backend.operator.listOpenOperations()).items.find(
    (item) => item.instanceId === instanceId,
  );
  assert.ok(operation);
  await backend.operator.finishOperation({
    params: { operationId: operation.id },
    body: { outcome: 'succeeded', error: null },
  });
  const pastDueSince = new Date().toISOString();
  const mails = () => count(`mails WHERE kind = 'payment-failed' AND "to" = $1`, [buyer.email]);
  const mailsBefore = await mails();

  await apply(backend, snapshotOf(order, { state: 'past_due', pastDueSince }));
  await apply(backend, snapshotOf(order, { state: 'past_due', pastDueSince, rawState: 'retrying' }));
  assert.equal(await mails(), mailsBefore + 1);
  const url = 'http://localhost:8080';
  await pursueOverdue(backend.platform, url, Date.now() + 6 * DAY);
  assert.deepEqual(await readInstance(instanceId), { wanted: 'running', readOnly: false, lifecycle: 'live' });
  await pursueOverdue(backend.platform, url, Date.now() + 8 * DAY);
  assert.deepEqual(await readInstance(instanceId), { wanted: 'running', readOnly: true, lifecycle: 'live' });
  await pursueOverdue(backend.platform, url, Date.now() + 15 * DAY);
  assert.equal((await readInstance(instanceId)).wanted, 'suspended');
  assert.equal(await count(`operations WHERE instance_id = $1 AND type = 'suspend'`, [instanceId]), 1);

  await apply(backend, snapshotOf(order));
  assert.deepEqual(await readInstance(instanceId), { wanted: 'running', readOnly: false, lifecycle: 'live' });
});

test('a change of plan changes the limits; items that are not ours change nothing', async () => {
  const order = await open('qui-grandit');
  const { instanceId } = await apply(backend, snapshotOf(order));
  assert.ok(instanceId);
  const { plans, addOns } = await backend.hub.listPlans();
  const priceRef = (prices: { id: string; interval: string }[] | undefined) =>
    prices?.find(({ interval }) => interval === 'year')?.id ?? '';
  const items = [
    { priceRef: priceRef(plans[1]?.prices), quantity: 1 },
    { priceRef: priceRef(addOns[0]?.prices), quantity: 2 },
  ];
  await apply(backend, snapshotOf(order, { items }));
  const limits = async () =>
    (await backend.operator.getDesiredInstance({ params: { instanceId } })).entitlements.learners;
  assert.equal(await limits(), 500);
  const { subscriptions } = await backend.hub.getBilling({
    session: buyer.session,
    params: { organisationId: buyer.organisationId },
  });
  const shown = subscriptions.find((subscription) => subscription.instanceId === instanceId);
  assert.deepEqual(
    [shown?.planCode, shown?.addOnCodes, shown?.interval, shown?.amountMinor],
    ['equipe', ['apprenants-100'], 'year', 149_000 + 2 * 29_000],
  );
  await apply(backend, snapshotOf(order, { items: [{ priceRef: 'price_of_somebody_else', quantity: 1 }] }));
  assert.equal(await limits(), 500);
});

test('the end of a subscription suspends; what is paid after it brings nothing back by itself', async () => {
  const order = await open('la-fin');
  const { instanceId } = await apply(backend, snapshotOf(order));
  assert.ok(instanceId);
  await apply(backend, snapshotOf(order, { state: 'cancelled' }));
  assert.equal((await readInstance(instanceId)).wanted, 'suspended');
  await apply(backend, snapshotOf(order, { state: 'active' }));
  assert.equal((await readInstance(instanceId)).wanted, 'suspended');
  assert.equal(await count(`incidents WHERE instance_id = $1 AND state = 'open'`, [instanceId]), 1);
});

test('a payment that comes after the name was lost still gets a platform, at the nearest free name', async () => {
  const order = await open('trop-tard');
  await backend.platform.query(
    `UPDATE slug_claims SET expires_at = now() - interval '1 minute' WHERE slug = 'trop-tard'`,
  );
  const other = await customer(backend, 'plus-rapide');
  await placeOrder(backend, other, 'trop-tard');
  const { instanceId } = await apply(backend, snapshotOf(order));
  assert.ok(instanceId);
  const { slug } = await backend.operator.getDesiredInstance({ params: { instanceId } });
  assert.equal(slug, 'trop-tard-formation');
  assert.equal(await count(`incidents WHERE instance_id = $1 AND kind = 'subdomain'`, [instanceId]), 1);
});

test('an event that fails is due again later, dead after twelve attempts, and can be replayed', async () => {
  const { id } = await backend.hub.storeInboxEntry({
    body: {
      provider: 'sandbox',
      livemode: false,
      eventId: randomUUID(),
      type: 'x',
      subscriptionRef: null,
      occurredAt: new Date().toISOString(),
      payload: '{}',
    },
  });
  const settle = (outcome: 'failed' | 'done') =>
    backend.operator.settleInboxEntry({ params: { entryId: id }, body: { outcome, error: 'down' } });
  const pending = async () =>
    (await backend.operator.listPendingInbox()).items.some((entry) => entry.id === id);
  assert.equal(await pending(), true);
  assert.equal((await settle('failed')).state, 'pending');
  assert.equal(await pending(), false, 'due later');
  for (let attempt = 2; attempt < 12; attempt += 1) assert.equal((await settle('failed')).state, 'pending');
  assert.equal((await settle('failed')).state, 'dead');
});
