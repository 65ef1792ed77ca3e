import { randomUUID } from 'node:crypto';
import type { SubscriptionSnapshot } from '@preau/contract/platform/billing';
import type { Order } from '@preau/contract/platform/orders';
import type { TestBackend } from './backend.ts';

export const PASSWORD = 'une phrase assez longue';

/** The token in the newest mail of a kind to somebody. */
export async function mailedToken({ platform }: TestBackend, to: string, kind: string): Promise<string> {
  const { text } = await platform.one<{ text: string }>(
    'SELECT text FROM mails WHERE "to" = $1 AND kind = $2 ORDER BY created_at DESC, id DESC LIMIT 1',
    [to, kind],
  );
  const token = /[?&]token=([\w.-]+)/.exec(text)?.[1];
  if (!token) throw new Error(`no token in the mail ${kind} to ${to}`);
  return token;
}

/** Signs in by password where that is enough. */
export async function signInAccount(
  { hub }: TestBackend,
  email: string,
  password = PASSWORD,
  device?: string,
): Promise<{ token: string; device: string }> {
  const answer = await hub.signInAccount({ body: { email, password }, device });
  if (answer.kind !== 'session') throw new Error(`${email} has a second factor`);
  return answer;
}

export interface Customer {
  email: string;
  accountId: string;
  session: string;
  organisationId: string;
}

/** Somebody who signed up, opened the mail and named an organisation, as visitors do. */
export async function customer(backend: TestBackend, name: string): Promise<Customer> {
  const email = `${name}@client.test`;
  const { hub } = backend;
  await hub.signUp({ body: { email, password: PASSWORD, name, locale: 'fr' } });
  const token = await mailedToken(backend, email, 'verify-address');
  const { token: session, account } = await hub.verifyAccount({ body: { token } });
  const { id } = await hub.createOrganisation({ session, body: { name: `Organisation ${name}` } });
  return { email, accountId: account.id, session, organisationId: id };
}

/** An order of the first plan, by the month. */
export async function placeOrder(
  { hub }: TestBackend,
  { session, organisationId }: Customer,
  slug: string,
  idempotencyKey: string = randomUUID(),
): Promise<Order> {
  const { plans } = await hub.listPlans();
  const price = plans[0]?.prices.find(({ interval }) => interval === 'month');
  if (!price) throw new Error('nothing is on sale');
  return hub.placeOrder({
    session,
    params: { organisationId },
    body: {
      idempotencyKey,
      slug,
      priceId: price.id,
      branding: { name: `École ${slug}`, colour: '#336699', logo: null },
      locale: 'fr',
    },
  });
}

/** Opens the order's checkout at the provider; its references follow from the order. */
export function checkOut(
  { hub }: TestBackend,
  { session, organisationId }: Customer,
  order: Order,
): Promise<Order> {
  return hub.recordCheckout({
    session,
    params: { orderId: order.id },
    body: {
      provider: 'sandbox',
      ref: `checkout-${order.id}`,
      customerRef: `customer-${organisationId}`,
      url: 'http://pay.localhost:8080/checkout',
      expiresAt: new Date(Date.now() + 1_800_000).toISOString(),
    },
  });
}

/** The subscription that the provider shows once the order's checkout is paid. */
export function snapshotOf(order: Order, change: Partial<SubscriptionSnapshot> = {}): SubscriptionSnapshot {
  return {
    ref: `subscription-${order.id}`,
    customerRef: `customer-${order.organisationId}`,
    checkoutRef: `checkout-${order.id}`,
    state: 'active',
    rawState: 'active',
    currency: 'EUR',
    currentPeriodStart: '2026-11-01T00:00:00.000Z',
    currentPeriodEnd: '2026-12-01T00:00:00.000Z',
    pastDueSince: null,
    cancelAt: null,
    items: [{ priceRef: order.lines[0]?.priceId ?? '', quantity: 1 }],
    invoices: [],
    ...change,
  };
}

/** Hands a snapshot over as the operator does: the revision is read first, whoever lost fetches again. */
export async function apply(backend: TestBackend, snapshot: SubscriptionSnapshot) {
  const params = { provider: 'sandbox' as const, ref: snapshot.ref };
  const { revision } = await backend.operator.getSubscriptionRevision({ params });
  return backend.operator.applySubscription({ params, body: { expectedRevision: revision, snapshot } });
}

/** A paid platform, requested and not yet provisioned. */
export async function paidInstance(backend: TestBackend, buyer: Customer, slug: string) {
  const order = await checkOut(backend, buyer, await placeOrder(backend, buyer, slug));
  const { instanceId } = await apply(backend, snapshotOf(order));
  if (!instanceId) throw new Error('payment made no platform');
  return { order, instanceId };
}

/** The kinds of all mails to somebody, oldest first. */
export async function mailKinds({ platform }: TestBackend, to: string): Promise<string[]> {
  const rows = await platform.query<{ kind: string }>('SELECT kind FROM mails WHERE "to" = $1 ORDER BY id', [
    to,
  ]);
  return rows.map(({ kind }) => kind);
}
