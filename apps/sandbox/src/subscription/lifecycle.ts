import type { Tx } from '../database/store.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { issue, markPaid, openInvoices, setStatus } from '../invoice/invoice.ts';
import type { Card } from '../payer/card.ts';
import { charge } from '../payer/card.ts';
import { findCustomer, lockCustomer } from '../payer/customer.ts';
import { conflict } from '../refusal.ts';
import { addDays, periodEnd } from './period.ts';
import type { Subscription } from './subscription.ts';
import { lock, save } from './subscription.ts';

/** Days after the due date on which an unpaid invoice is tried again. */
const RETRY_DAYS = [3, 5, 7];
/** After so many days without payment the subscription is given up as unpaid. */
const UNPAID_AFTER_DAYS = 14;

/** A subscription in a state where its periods go on. */
const runs = ({ status }: Subscription): boolean =>
  status === 'active' || status === 'trialing' || status === 'past_due';

/** The end of a period or of a trial: cancels, pauses or renews. */
export async function turnPeriod(tx: Tx, id: string): Promise<void> {
  const subscription = await lock(tx, id);
  if (!runs(subscription) || subscription.currentPeriodEnd > tx.now) return;
  if (subscription.cancelAt !== null && subscription.cancelAt <= tx.now) {
    await end(tx, subscription);
    return;
  }
  const customer = await lockCustomer(tx, subscription.customerId);
  if (subscription.status === 'trialing' && customer.card === null) {
    await save(tx, { ...subscription, status: 'paused' });
    return;
  }
  await startPeriod(tx, subscription);
}

/** Issues the invoice of the next period and tries the card on file. */
async function startPeriod(tx: Tx, subscription: Subscription): Promise<Subscription> {
  const customer = await lockCustomer(tx, subscription.customerId);
  const cycle = subscription.cycle + 1;
  const invoice = await issue(tx, {
    customer,
    subscriptionId: subscription.id,
    currency: subscription.currency,
    lines: subscription.lines,
    coupon: subscription.coupon?.duration === 'forever' ? subscription.coupon : null,
    useCredit: true,
  });
  const renewed: Subscription = {
    ...subscription,
    cycle,
    currentPeriodStart: subscription.currentPeriodEnd,
    currentPeriodEnd: periodEnd(subscription.anchor, subscription.interval, cycle),
  };
  return settle(tx, renewed, invoice, customer.card);
}

/** Tries to collect an invoice; the subscription follows the result. */
async function settle(
  tx: Tx,
  subscription: Subscription,
  invoice: Invoice,
  card: Card | null,
): Promise<Subscription> {
  const outcome =
    invoice.totalMinor === 0
      ? { result: 'paid' }
      : card === null
        ? { result: 'declined' }
        : charge(card, 'later');
  if (outcome.result === 'paid') {
    await markPaid(tx, invoice);
    const stillOpen = await openInvoices(tx, subscription.id);
    if (stillOpen.length > 0) return save(tx, subscription);
    return save(tx, {
      ...subscription,
      status: 'active',
      pastDueSince: null,
      failedAttempts: 0,
      nextRetryAt: null,
    });
  }
  tx.emit('invoice.payment_failed', { subscription: subscription.id, invoice: invoice.id });
  const since = subscription.pastDueSince ?? tx.now;
  return save(tx, {
    ...subscription,
    status: 'past_due',
    pastDueSince: since,
    nextRetryAt: nextRetry(since, subscription.failedAttempts + 1),
    failedAttempts: subscription.failedAttempts + 1,
  });
}

/** The retries, then the day on which it is given up. */
function nextRetry(since: Date, failedAttempts: number): Date {
  return addDays(since, RETRY_DAYS[failedAttempts - 1] ?? UNPAID_AFTER_DAYS);
}

/** A retry of dunning that fell due, or its end. */
export async function retry(tx: Tx, id: string): Promise<void> {
  const subscription = await lock(tx, id);
  const { status, nextRetryAt, pastDueSince } = subscription;
  if (status !== 'past_due' || nextRetryAt === null || nextRetryAt > tx.now || pastDueSince === null) return;
  if (tx.now >= addDays(pastDueSince, UNPAID_AFTER_DAYS)) {
    await save(tx, { ...subscription, status: 'unpaid', nextRetryAt: null });
    return;
  }
  const customer = await lockCustomer(tx, subscription.customerId);
  const [oldest] = await openInvoices(tx, id);
  if (oldest === undefined) return;
  await settle(tx, subscription, oldest, customer.card);
}

/** After a new card: everything that stands open is tried at once, and a paused subscription starts again. */
export async function payWhatIsOpen(tx: Tx, id: string): Promise<void> {
  let subscription = await lock(tx, id);
  if (subscription.status === 'canceled') return;
  if (subscription.status === 'paused') {
    // A trial without a card ended: the first paid period begins now, not when the trial did.
    await startPeriod(tx, {
      ...subscription,
      status: 'active',
      anchor: tx.now,
      cycle: 0,
      currentPeriodEnd: tx.now,
    });
    return;
  }
  const { card } = await findCustomer(tx, subscription.customerId);
  if (card === null) return;
  for (const invoice of await openInvoices(tx, id)) {
    if (charge(card, 'later').result !== 'paid') {
      tx.emit('invoice.payment_failed', { subscription: id, invoice: invoice.id });
      return;
    }
    subscription = await settle(tx, subscription, invoice, card);
  }
}

export async function cancel(tx: Tx, id: string, at: 'period-end' | 'now'): Promise<Subscription> {
  const subscription = await lock(tx, id);
  if (subscription.status === 'canceled') return subscription;
  // Nothing was or will be paid for the rest of the period: there is no end to wait for.
  if (at === 'now' || !runs(subscription)) return end(tx, subscription);
  return save(tx, { ...subscription, cancelAt: subscription.currentPeriodEnd });
}

export async function uncancel(tx: Tx, id: string): Promise<Subscription> {
  const subscription = await lock(tx, id);
  if (subscription.status === 'canceled')
    throw conflict('canceled', 'a cancelled subscription does not come back');
  if (subscription.cancelAt === null) return subscription;
  return save(tx, { ...subscription, cancelAt: null });
}

async function end(tx: Tx, subscription: Subscription): Promise<Subscription> {
  for (const invoice of await openInvoices(tx, subscription.id)) await setStatus(tx, invoice, 'void');
  return save(tx, {
    ...subscription,
    status: 'canceled',
    cancelAt: tx.now,
    nextRetryAt: null,
    pastDueSince: null,
  });
}

export async function dispute(tx: Tx, id: string, state: 'open' | 'won' | 'lost'): Promise<void> {
  const subscription = await lock(tx, id);
  const allowed = state === 'open' ? subscription.dispute !== 'open' : subscription.dispute === 'open';
  if (!allowed) throw conflict('dispute', `a dispute that is ${subscription.dispute} cannot become ${state}`);
  await save(tx, { ...subscription, dispute: state });
  tx.emit(state === 'open' ? 'dispute.opened' : 'dispute.closed', { subscription: id });
}
