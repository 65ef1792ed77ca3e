/** From the accepted payment to the first 200 on the customer's log-in page, by the whole road that a customer takes. */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Billing, createBilling } from '@preau/billing';
import { secrets } from '../tools/secrets.ts';
import { read } from './exchange.ts';
import { isLive, mailedToken, type Site } from './site.ts';

const PASSWORD = 'quatre chevaux sous le préau';
const LIVE_TIMEOUT_MS = 120_000;
/** How often one platform is asked; many at once are asked less often, as asking costs what is measured. */
const POLL_MS = 25;
const POLL_MANY_MS = 100;

/** Of platforms that are not measured themselves: as many as start at the same time, and one that is being ordered. */
const OPENED_AT_ONCE = 3;

export interface ProvisionResult {
  oneByOne: number[];
  atOnce: number[];
}

export async function benchProvisioning(
  site: Site,
  companies: number,
  say: (text: string) => void,
  /** Before so many pay, which is not measured. */
  ready: (companies: number) => Promise<void> = async () => {},
): Promise<ProvisionResult> {
  const billing = await billingOf(site);
  const oneByOne: number[] = [];
  for (let n = 0; n < companies; n += 1) {
    const order = await placeOrder(site, billing, `bench-${n}`);
    await ready(1);
    oneByOne.push(await payUntilLive(site, order, POLL_MS));
    say(`${n + 1} of ${companies}, one after the other`);
  }
  const orders: UnpaidOrder[] = [];
  for (let n = 0; n < companies; n += 1) orders.push(await placeOrder(site, billing, `burst-${n}`));
  await ready(companies);
  say(`${companies} at once`);
  const atOnce = await Promise.all(orders.map((order) => payUntilLive(site, order, POLL_MANY_MS)));
  return { oneByOne, atOnce };
}

/** So many platforms, paid by `<slug>@bench.test`. @returns their slugs */
export async function openPlatforms(
  site: Site,
  count: number,
  say: (text: string) => void,
): Promise<string[]> {
  const billing = await billingOf(site);
  const slugs = Array.from({ length: count }, (_, n) => `school-${n}`);
  const queue = [...slugs];
  let live = 0;
  const worker = async () => {
    for (let slug = queue.shift(); slug !== undefined; slug = queue.shift()) {
      await payUntilLive(site, await placeOrder(site, billing, slug), POLL_MANY_MS);
      live += 1;
      say(`${live} of ${count} platforms are live`);
    }
  };
  await Promise.all(Array.from({ length: OPENED_AT_ONCE }, worker));
  return slugs;
}

async function billingOf({ dataDir, platform }: Site): Promise<Billing> {
  const secret = await secrets(dataDir);
  return createBilling({
    provider: 'sandbox',
    url: `http://127.0.0.1:${platform.ports.sandbox}`,
    apiKey: secret.sandboxApiKey,
    webhookSecrets: [secret.sandboxWebhookSecret],
  });
}

interface UnpaidOrder {
  host: string;
  /** At the provider. */
  checkoutPath: string;
}

/** What the hub does for a new customer, up to the provider's payment page. */
async function placeOrder({ hub, port }: Site, billing: Billing, slug: string): Promise<UnpaidOrder> {
  const email = `${slug}@bench.test`;
  await hub.signUp({ body: { email, password: PASSWORD, name: `Client ${slug}`, locale: 'fr' } });
  const { token: session } = await hub.verifyAccount({ body: { token: await mailedToken(hub, email) } });
  const { id: organisationId } = await hub.createOrganisation({ session, body: { name: `École ${slug}` } });
  await hub.claimSubdomain({ session, params: { organisationId }, body: { slug } });
  const { plans } = await hub.listPlans();
  const price = plans[0]?.prices.find(({ interval }) => interval === 'month');
  if (!price) throw new Error('Nothing is on sale.');
  const order = await hub.placeOrder({
    session,
    params: { organisationId },
    body: {
      idempotencyKey: randomUUID(),
      slug,
      priceId: price.id,
      branding: { name: `École ${slug}`, colour: '#336699', logo: null },
      locale: 'fr',
    },
  });
  const { email: mail, organisationName, country, siren, vatNumber, providerRef } = order.customer;
  const { ref: customerRef } = await billing.ensureCustomer({
    organisationId,
    existingRef: providerRef,
    email: mail,
    organisationName,
    country,
    siren,
    vatNumber,
    locale: 'fr',
  });
  const returnUrl = `http://localhost:${port}/orders/${order.id}`;
  const checkout = await billing.createCheckout({
    orderId: order.id,
    organisationId,
    customerRef,
    currency: order.currency,
    interval: order.interval,
    lines: order.lines.map(({ kind, priceId, label, quantity, amountMinor }) => ({
      kind,
      priceRef: priceId,
      label,
      quantity,
      unitAmountMinor: amountMinor,
    })),
    locale: 'fr',
    successUrl: returnUrl,
    cancelUrl: returnUrl,
    expiresAt: new Date(Date.now() + 30 * 60_000).toISOString(),
    idempotencyKey: order.id,
  });
  await hub.recordCheckout({
    session,
    params: { orderId: order.id },
    body: {
      provider: 'sandbox',
      ref: checkout.ref,
      customerRef,
      url: checkout.url,
      expiresAt: checkout.expiresAt,
    },
  });
  return { host: `${slug}.localhost:${port}`, checkoutPath: new URL(checkout.url).pathname };
}

/** Pays on the provider's page with a test card. @returns milliseconds from its acceptance to the log-in page */
async function payUntilLive({ port }: Site, order: UnpaidOrder, pollMs: number): Promise<number> {
  const host = `pay.localhost:${port}`;
  const page = await read({ port, host, path: order.checkoutPath });
  const shown = /name="shown" value="(\d+)"/.exec(page.text)?.[1];
  if (page.status !== 200 || !shown) throw new Error(`The payment page answered ${page.status}.`);
  const form = new URLSearchParams({
    shown,
    company: 'École du banc d’essai',
    country: 'FR',
    siren: '',
    vat: '',
    number: '4242424242424242',
    expiry: '12/34',
    cvc: '123',
  });
  const paid = await read({
    port,
    host,
    path: `${order.checkoutPath}/pay`,
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', origin: `http://${host}` },
    body: form.toString(),
  });
  const begun = performance.now();
  if (paid.status !== 303) throw new Error(`The payment was not accepted: ${paid.status}.`);
  while (!(await isLive(port, order.host))) {
    if (performance.now() - begun > LIVE_TIMEOUT_MS) throw new Error(`${order.host} did not go live.`);
    await sleep(pollMs);
  }
  return performance.now() - begun;
}
