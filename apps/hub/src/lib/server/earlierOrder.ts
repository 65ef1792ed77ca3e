import { ApiProblem } from '@preau/contract';
import type { Order } from '@preau/contract/platform/orders';
import type { Cookies } from '@sveltejs/kit';
import { billingOf } from './billing.ts';
import { hostCookie } from './hostCookie.ts';

const remembered = hostCookie('preau_order', 'lax', /^[0-9a-f-]{36}$/);
const DAY_SECONDS = 86_400;

/** Remembers the order that a browser went to pay. */
export function rememberOrder(cookies: Cookies, orderId: string): void {
  remembered.write(cookies, orderId, DAY_SECONDS);
}

/**
 * Closes the payment page of the order that the browser went to pay before, so that nobody pays twice from a
 * forgotten tab.
 * @returns that order where it turns out to be paid for the same subdomain: go there instead of ordering again
 * @throws BillingError where the provider cannot say
 */
export async function closeEarlierOrder(
  locals: App.Locals,
  cookies: Cookies,
  slug: string,
): Promise<Order | null> {
  const orderId = remembered.read(cookies);
  if (!orderId) return null;
  const order = await locals.api.getOrder({ params: { orderId } }).catch((error: unknown) => {
    if (error instanceof ApiProblem && error.is('not-found', 'second-factor-needed')) return null;
    throw error;
  });
  if (!order || order.slug !== slug) return null;
  if (order.state === 'paid') return order;
  if (!order.checkout) return null;
  const checkout = await billingOf(order.checkout.provider)?.expireCheckout(order.checkout.ref);
  return checkout?.state === 'complete' ? order : null;
}
