import { BillingError } from '@preau/billing';
import type { Order } from '@preau/contract/platform/orders';
import { defaultBilling } from './billing.ts';

/** As long as the subdomain is held for the order. */
const CHECKOUT_MINUTES = 30;

/**
 * Opens the checkout of an order at the payment provider and records it; the same order answers the same checkout.
 * @param returnUrl where the customer comes back to; coming back says nothing about payment
 * @returns the address to send the customer to
 * @throws BillingError where the provider refuses or cannot be reached
 */
export async function checkOut(locals: App.Locals, order: Order, returnUrl: string): Promise<string> {
  const open = order.checkout;
  if (open && Date.parse(open.expiresAt) > Date.now()) return open.url;
  const billing = defaultBilling();
  if (!billing) throw new BillingError({ kind: 'auth-config' }, 'no payment provider is configured');
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
    locale: locale,
    successUrl: returnUrl,
    cancelUrl: `${returnUrl}?payment=abandoned`,
    expiresAt: new Date(Date.now() + CHECKOUT_MINUTES * 60_000).toISOString(),
    idempotencyKey: order.id,
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
