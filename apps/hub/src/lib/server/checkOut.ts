import { BillingError } from '@preau/billing';
import type { Order } from '@preau/contract/platform/orders';
import { billingOf, defaultBilling } from './billing.ts';

/** As long as the subdomain is held for the order. */
const CHECKOUT_MINUTES = 30;

/**
 * Opens the checkout of an order at the payment provider and records it, or finds the one that is still open.
 * @param returnUrl where the customer comes back to; coming back says nothing about payment
 * @returns the address to send the customer to
 * @throws BillingError where the provider refuses or cannot be reached
 */
export async function checkOut(locals: App.Locals, order: Order, returnUrl: string): Promise<string> {
  const billing = (order.checkout && billingOf(order.checkout.provider)) ?? defaultBilling();
  if (!billing) throw new BillingError({ kind: 'auth-config' }, 'no payment provider is configured');
  const earlier = order.checkout && (await billing.getCheckout(order.checkout.ref));
  if (earlier?.state === 'open') return earlier.url;
  // Paid in another tab: the order's page says what follows.
  if (earlier?.state === 'complete') return returnUrl;
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
    locale,
    successUrl: returnUrl,
    cancelUrl: `${returnUrl}?payment=abandoned`,
    expiresAt: new Date(Date.now() + CHECKOUT_MINUTES * 60_000).toISOString(),
    // An expired checkout is followed by another, and only one.
    idempotencyKey: earlier ? `${order.id}:${earlier.ref}` : order.id,
  });
  await locals.api.recordCheckout({
    params: { orderId: order.id },
    body: {
      provider: billing.capabilities.provider,
      ref: checkout.ref,
      customerRef,
      url: checkout.url,
      expiresAt: checkout.expiresAt,
    },
  });
  return checkout.url;
}
