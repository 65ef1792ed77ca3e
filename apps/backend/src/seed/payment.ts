import { type Checkout, createBilling, type SubscriptionSnapshot } from '@preau/billing';
import type { Order } from '@preau/contract/platform/orders';

const CHECKOUT_MS = 86_400_000;
const TIMEOUT_MS = 10_000;
/** The sandbox provider's card that always works. */
const CARD = { number: '4242424242424242', expiry: '12/34', cvc: '123' };

/**
 * The demonstration's customer at the sandbox provider: through the billing port as for any order, and through the
 * provider's own payment page, as there is no other way to pay.
 */
export function openDemoProvider(url: string, apiKey: string) {
  const billing = createBilling({ provider: 'sandbox', url, apiKey, webhookSecrets: [] });

  return {
    /** The same order answers the same checkout; one whose time is over is followed by another. */
    async open(order: Order, hubUrl: string): Promise<Checkout> {
      const { organisationId, customer, locale } = order;
      const { ref: customerRef } = await billing.ensureCustomer({
        organisationId,
        existingRef: customer.providerRef,
        email: customer.email,
        organisationName: customer.organisationName,
        country: customer.country,
        siren: customer.siren,
        vatNumber: customer.vatNumber,
        locale,
      });
      const earlier = order.checkout && (await billing.getCheckout(order.checkout.ref));
      if (earlier && earlier.state !== 'expired') return earlier;
      return billing.createCheckout({
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
        locale,
        successUrl: `${hubUrl}/orders/${order.id}`,
        cancelUrl: `${hubUrl}/orders/${order.id}?payment=abandoned`,
        expiresAt: new Date(Date.now() + CHECKOUT_MS).toISOString(),
        idempotencyKey: earlier ? `${order.id}:${earlier.ref}` : order.id,
      });
    },

    async pay(checkout: Checkout): Promise<SubscriptionSnapshot> {
      if (checkout.state === 'open') await submitPaymentPage(url, checkout);
      const { subscriptionRef } = await billing.getCheckout(checkout.ref);
      if (!subscriptionRef)
        throw new Error(`the demonstration's payment left checkout ${checkout.ref} unpaid`);
      return billing.getSubscription(subscriptionRef);
    },
  };
}

/** Fills the page as it is shown, and sends it. The gateway may not be up yet, so the page is asked for inside the house. */
async function submitPaymentPage(url: string, checkout: Checkout): Promise<void> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const page = new URL(new URL(checkout.url).pathname, url);
  const text = await (await fetch(page, { signal })).text();
  const form = new URLSearchParams(CARD);
  for (const [, name, value] of text.matchAll(/<input [^>]*?name="(\w+)"[^>]*? value="([^"]*)"/g)) {
    if (name && value && !form.has(name)) form.set(name, value);
  }
  const country = /<option value="([A-Z]{2})" selected>/.exec(text)?.[1];
  if (country) form.set('country', country);
  const answer = await fetch(`${page}/pay`, { method: 'POST', body: form, redirect: 'manual', signal });
  if (answer.status !== 303) throw new Error(`the demonstration's payment page answered ${answer.status}`);
}
