import { currency } from '@preau/billing/money';
import * as wire from '@preau/billing/sandbox/wire';
import { z } from 'zod';
import type { Tx } from '../database/store.ts';
import { newId } from '../ids.ts';
import type { Coupon } from '../invoice/amounts.ts';
import { coupon } from '../invoice/amounts.ts';
import { issue, markPaid } from '../invoice/invoice.ts';
import type { Card } from '../payer/card.ts';
import { card, charge } from '../payer/card.ts';
import { findCustomer, keepCard, lockCustomer } from '../payer/customer.ts';
import { notFound } from '../refusal.ts';
import { addDays, periodEnd } from '../subscription/period.ts';
import { open as openSubscription } from '../subscription/subscription.ts';

const challenge = z.object({ token: z.string(), card });

const checkoutRow = z
  .object({
    id: z.string(),
    customer_id: z.string(),
    status: z.enum(['open', 'complete', 'expired']),
    currency,
    interval: z.enum(['month', 'year']),
    lines: z.array(wire.line),
    trial_days: z.int(),
    locale: z.enum(['fr', 'en']),
    success_url: z.string(),
    cancel_url: z.string(),
    metadata: z.record(z.string(), z.string()),
    coupon: coupon.nullable(),
    challenge: challenge.nullable(),
    subscription_id: z.string().nullable(),
    expires_at: z.date(),
  })
  .transform((row) => ({
    id: row.id,
    customerId: row.customer_id,
    status: row.status,
    currency: row.currency,
    interval: row.interval,
    lines: row.lines,
    trialDays: row.trial_days,
    locale: row.locale,
    successUrl: row.success_url,
    cancelUrl: row.cancel_url,
    metadata: row.metadata,
    coupon: row.coupon,
    challenge: row.challenge,
    subscriptionId: row.subscription_id,
    expiresAt: row.expires_at,
  }));
export type Checkout = z.output<typeof checkoutRow>;

export async function create(tx: Tx, input: z.infer<typeof wire.checkoutInput>): Promise<Checkout> {
  const customer = await findCustomer(tx, input.customer);
  const rows = await tx.rows(
    checkoutRow,
    `insert into sandbox.checkout (id, customer_id, currency, interval, lines, trial_days, locale, success_url,
       cancel_url, metadata, expires_at, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) returning *`,
    [
      newId('cs'),
      customer.id,
      input.currency,
      input.interval,
      JSON.stringify(input.lines),
      input.trialDays,
      input.locale,
      input.successUrl,
      input.cancelUrl,
      JSON.stringify(input.metadata),
      new Date(Date.parse(input.expiresAt) + tx.aheadMilliseconds),
      tx.now,
    ],
  );
  return only(rows);
}

/** As it is now: one whose time is over answers expired, even before the clock's next tick. */
export async function find(tx: Tx, id: string): Promise<Checkout> {
  return timely(tx, only(await tx.rows(checkoutRow, 'select * from sandbox.checkout where id = $1', [id])));
}

async function lock(tx: Tx, id: string): Promise<Checkout> {
  return only(await tx.rows(checkoutRow, 'select * from sandbox.checkout where id = $1 for update', [id]));
}

const timely = (tx: Tx, checkout: Checkout): Checkout =>
  checkout.status === 'open' && checkout.expiresAt <= tx.now ? { ...checkout, status: 'expired' } : checkout;

/** Ends an open checkout; one that is complete or expired is answered as it is. */
export async function expire(tx: Tx, id: string): Promise<Checkout> {
  const checkout = await lock(tx, id);
  if (checkout.status !== 'open') return checkout;
  await tx.run("update sandbox.checkout set status = 'expired', challenge = null where id = $1", [id]);
  tx.emit('checkout.expired', { checkout: id });
  return { ...checkout, status: 'expired' };
}

export async function setCoupon(tx: Tx, id: string, chosen: Coupon | null): Promise<void> {
  await tx.run("update sandbox.checkout set coupon = $2 where id = $1 and status = 'open'", [
    id,
    chosen === null ? null : JSON.stringify(chosen),
  ]);
}

export type Payment =
  | { result: 'complete' }
  | { result: 'expired' }
  | { result: 'declined'; code: string }
  /** The customer answers the bank's question next. */
  | { result: 'challenge'; token: string };

/**
 * Pays an open checkout. A second submission, at the same time or later, finds it complete and pays nothing.
 * @param given null only for a trial without a card
 */
export async function pay(tx: Tx, id: string, given: Card | null): Promise<Payment> {
  const checkout = timely(tx, await lock(tx, id));
  if (checkout.status !== 'open') return { result: checkout.status };
  if (given === null)
    return checkout.trialDays > 0 ? complete(tx, checkout, null) : { result: 'declined', code: 'no_card' };
  const outcome = charge(given, 'first');
  if (outcome.result === 'declined') return outcome;
  if (outcome.result === 'paid') return complete(tx, checkout, given);
  const token = newId('auth');
  await tx.run('update sandbox.checkout set challenge = $2 where id = $1', [
    id,
    JSON.stringify({ token, card: given }),
  ]);
  return { result: 'challenge', token };
}

/** The answer to the bank's question. */
export async function answerChallenge(
  tx: Tx,
  id: string,
  token: string,
  confirmed: boolean,
): Promise<Payment> {
  const checkout = timely(tx, await lock(tx, id));
  if (checkout.status !== 'open') return { result: checkout.status };
  if (checkout.challenge === null || checkout.challenge.token !== token) {
    return { result: 'declined', code: 'authentication_required' };
  }
  if (confirmed) return complete(tx, checkout, checkout.challenge.card);
  await tx.run('update sandbox.checkout set challenge = null where id = $1', [id]);
  return { result: 'declined', code: 'authentication_failed' };
}

async function complete(tx: Tx, checkout: Checkout, given: Card | null): Promise<Payment> {
  const customer = await lockCustomer(tx, checkout.customerId);
  if (given !== null) await keepCard(tx, customer.id, given);
  const trial = checkout.trialDays > 0;
  const anchor = trial ? addDays(tx.now, checkout.trialDays) : tx.now;
  const subscription = await openSubscription(tx, {
    customerId: customer.id,
    checkoutId: checkout.id,
    status: trial ? 'trialing' : 'active',
    currency: checkout.currency,
    interval: checkout.interval,
    lines: checkout.lines,
    coupon: checkout.coupon,
    metadata: checkout.metadata,
    anchor,
    cycle: trial ? 0 : 1,
    periodStart: tx.now,
    periodEnd: trial ? anchor : periodEnd(anchor, checkout.interval, 1),
  });
  if (!trial) {
    const invoice = await issue(tx, {
      customer,
      subscriptionId: subscription.id,
      currency: checkout.currency,
      lines: checkout.lines,
      coupon: checkout.coupon,
      useCredit: true,
    });
    await markPaid(tx, invoice);
  }
  await tx.run(
    "update sandbox.checkout set status = 'complete', subscription_id = $2, challenge = null where id = $1",
    [checkout.id, subscription.id],
  );
  tx.emit('checkout.completed', { checkout: checkout.id, subscription: subscription.id });
  return { result: 'complete' };
}

/**
 * Until when it can be paid, by everybody else's clock: whoever asked for half an hour gets half an hour, however far
 * the provider's clock was put forward before.
 */
export const payableUntil = (tx: Pick<Tx, 'aheadMilliseconds'>, checkout: Checkout): Date =>
  new Date(checkout.expiresAt.getTime() - tx.aheadMilliseconds);

export function present(tx: Tx, checkout: Checkout, publicUrl: string): z.infer<typeof wire.checkout> {
  return {
    object: 'checkout',
    id: checkout.id,
    status: checkout.status,
    customer: checkout.customerId,
    subscription: checkout.subscriptionId,
    url: new URL(`/checkout/${checkout.id}`, publicUrl).href,
    expiresAt: payableUntil(tx, checkout).toISOString(),
  };
}

function only(rows: Checkout[]): Checkout {
  const [row] = rows;
  if (row === undefined) throw notFound('checkout');
  return row;
}
