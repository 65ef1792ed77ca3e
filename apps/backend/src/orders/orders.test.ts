import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { ApiProblem } from '@preau/contract';
import { type TestBackend, testBackend } from '../testing/backend.ts';
import { type Customer, checkOut, customer, paidInstance, placeOrder } from '../testing/customer.ts';
import { expireOrders } from './checkout.ts';

let backend: TestBackend;
let one: Customer;
let other: Customer;
before(async () => {
  backend = await testBackend({ RATE_LIMIT_FACTOR: '1000' });
  one = await customer(backend, 'une');
  other = await customer(backend, 'autre');
});
after(() => backend.close());

const refused = (name: string) => (error: unknown) => error instanceof ApiProblem && error.is(name as never);
const judge = (candidate: string, organisationId?: string) =>
  backend.hub.checkSubdomain({ params: { candidate }, query: { organisationId } });
const lapse = (slug: string) =>
  backend.platform.query(`UPDATE slug_claims SET expires_at = now() - interval '1 second' WHERE slug = $1`, [
    slug,
  ]);

test('two orders for one name at once: one claim, the other is told before paying', async () => {
  const outcomes = await Promise.allSettled(
    [one, other, one, other].map((buyer) => placeOrder(backend, buyer, 'convoitee')),
  );
  const winners = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  const holders = new Set(winners.map((outcome) => outcome.value.organisationId));
  assert.equal(holders.size, 1);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') {
      assert.ok(refused('subdomain-taken')(outcome.reason), String(outcome.reason));
      assert.match(outcome.reason.problem.title, /convoitee-formation/);
    }
});

test('look-alikes are kept apart, also when they come at once', async () => {
  const outcomes = await Promise.allSettled([
    placeOrder(backend, one, 'modele'),
    placeOrder(backend, other, 'rnodele'),
  ]);
  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
});

test('the verdict on a name says why, and offers free ones', async () => {
  await placeOrder(backend, one, 'occupee');
  assert.equal((await judge('occupee')).state, 'taken');
  assert.equal((await judge('occupee', one.organisationId)).state, 'available');
  assert.equal((await judge('0ccupee')).state, 'confusable');
  assert.equal((await judge('admin')).state, 'reserved');
  assert.equal((await judge('xn--caf-dma')).state, 'malformed');
  const { state, suggestions } = await judge('L’École d’Été');
  assert.equal(state, 'malformed');
  assert.equal(suggestions[0], 'l-ecole-d-ete');
  assert.equal(suggestions.length, 3);
  await assert.rejects(placeOrder(backend, one, 'admin'), refused('subdomain-refused'));
});

test('a reservation ends: the name is free again and the order can no longer be paid', async () => {
  const order = await placeOrder(backend, one, 'abandonnee');
  await lapse('abandonnee');
  await assert.rejects(checkOut(backend, one, order), refused('order-not-payable'));
  const taken = await placeOrder(backend, other, 'abandonnee');
  assert.equal(taken.slug, 'abandonnee');
  await expireOrders(backend.platform);
  const { state } = await backend.hub.getOrder({ session: one.session, params: { orderId: order.id } });
  assert.equal(state, 'expired');
});

test('the same key answers the same order, prices come from what is on sale', async () => {
  const key = randomUUID();
  const [first, second] = await Promise.all([
    placeOrder(backend, one, 'idempotente', key),
    placeOrder(backend, one, 'idempotente', key),
  ]);
  assert.equal(first.id, second.id);
  assert.equal(first.totalMinor, 4_900);
  await assert.rejects(
    backend.hub.placeOrder({
      session: one.session,
      params: { organisationId: one.organisationId },
      body: {
        idempotencyKey: randomUUID(),
        slug: 'sans-prix',
        priceId: randomUUID(),
        branding: { name: 'x', colour: '#000000', logo: null },
        locale: 'fr',
      },
    }),
    refused('not-found'),
  );
});

test('add-ons must fit the plan’s interval', async () => {
  const { plans, addOns } = await backend.hub.listPlans();
  const of = (prices: { id: string; interval: string }[] | undefined, interval: string) =>
    prices?.find((price) => price.interval === interval)?.id ?? '';
  const order = (addOnInterval: string) =>
    backend.hub.placeOrder({
      session: one.session,
      params: { organisationId: one.organisationId },
      body: {
        idempotencyKey: randomUUID(),
        slug: 'options',
        priceId: of(plans[0]?.prices, 'year'),
        addOnPriceIds: [of(addOns[0]?.prices, addOnInterval)],
        branding: { name: 'x', colour: '#000000', logo: null },
        locale: 'fr',
      },
    });
  await assert.rejects(order('month'), refused('not-found'));
  assert.equal((await order('year')).totalMinor, 78_000);
});

test('another organisation’s order does not exist; nor can it be paid with another’s customer', async () => {
  const order = await placeOrder(backend, one, 'privee');
  await assert.rejects(
    backend.hub.cancelOrder({ session: other.session, params: { orderId: order.id } }),
    refused('not-found'),
  );
  await checkOut(backend, one, order);
  const theirs = await placeOrder(backend, other, 'la-tienne');
  await assert.rejects(
    backend.hub.recordCheckout({
      session: other.session,
      params: { orderId: theirs.id },
      body: {
        provider: 'sandbox',
        ref: 'c-2',
        customerRef: `customer-${one.organisationId}`,
        url: 'http://pay.localhost:8080/',
        expiresAt: new Date(Date.now() + 60_000).toISOString(),
      },
    }),
    refused('order-not-payable'),
  );
});

test('giving up frees the name; a paid order stays', async () => {
  const order = await placeOrder(backend, one, 'renoncee');
  await backend.hub.cancelOrder({ session: one.session, params: { orderId: order.id } });
  assert.equal((await judge('renoncee')).state, 'available');
  const { order: paid } = await paidInstance(backend, one, 'payee');
  await assert.rejects(
    backend.hub.cancelOrder({ session: one.session, params: { orderId: paid.id } }),
    refused('state-forbids'),
  );
  assert.equal((await judge('payee', one.organisationId)).state, 'taken');
});
