import { currency, portion } from '@preau/billing/money';
import * as wire from '@preau/billing/sandbox/wire';
import { z } from 'zod';
import type { Tx } from '../database/store.ts';
import { newId } from '../ids.ts';
import { amounts, lineAmount } from '../invoice/amounts.ts';
import { issue, markPaid } from '../invoice/invoice.ts';
import { charge } from '../payer/card.ts';
import { changeCredit, findCustomer, lockCustomer } from '../payer/customer.ts';
import { taxRuleFor } from '../payer/tax.ts';
import { conflict, declined, notFound } from '../refusal.ts';
import type { Interval } from './period.ts';
import { periodEnd } from './period.ts';
import type { Subscription } from './subscription.ts';
import { find, lock, save } from './subscription.ts';

const VALID_MILLISECONDS = 10 * 60_000;

const previewRow = z.object({
  token: z.string(),
  subscription_id: z.string(),
  revision: z.int(),
  interval: z.enum(['month', 'year']),
  lines: z.array(wire.line),
  proration_minor: z.int(),
  due_now_minor: z.int(),
  tax_now_minor: z.int(),
  expires_at: z.date(),
});

const total = (lines: readonly wire.WireLine[]) => lines.reduce((sum, line) => sum + lineAmount(line), 0);

/**
 * Net of tax, for what is left of the period: positive to pay, negative to the good. Another interval begins a new
 * period now, paid whole, with the unused rest of the old one taken off.
 */
function proration(
  from: Subscription,
  to: { interval: Interval; lines: readonly wire.WireLine[] },
  now: Date,
): number {
  if (from.status === 'trialing') return 0;
  const length = from.currentPeriodEnd.getTime() - from.currentPeriodStart.getTime();
  const left = Math.max(0, from.currentPeriodEnd.getTime() - now.getTime());
  const share = Math.round((left / length) * 10_000);
  const unused = portion(total(from.lines), share);
  return to.interval === from.interval ? portion(total(to.lines), share) - unused : total(to.lines) - unused;
}

export async function preview(
  tx: Tx,
  id: string,
  change: z.infer<typeof wire.changeInput>,
): Promise<z.infer<typeof wire.changePreview>> {
  const subscription = await find(tx, id);
  if (subscription.status !== 'active' && subscription.status !== 'trialing') {
    throw conflict('state', `a subscription that is ${subscription.status} cannot be changed`);
  }
  const customer = await findCustomer(tx, subscription.customerId);
  const rule = taxRuleFor(customer);
  const net = proration(subscription, change, tx.now);
  const tax = portion(net, rule.basisPoints);
  const token = newId('chg');
  const expiresAt = new Date(tx.now.getTime() + VALID_MILLISECONDS);
  await tx.run(
    `insert into sandbox.change_preview (token, subscription_id, revision, interval, lines, proration_minor,
       due_now_minor, tax_now_minor, expires_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      token,
      id,
      subscription.revision,
      change.interval,
      JSON.stringify(change.lines),
      net,
      net + tax,
      tax,
      expiresAt,
    ],
  );
  const next = amounts(
    change.lines,
    rule,
    subscription.coupon?.duration === 'forever' ? subscription.coupon : null,
    Math.max(0, customer.creditMinor - Math.min(0, net)),
  );
  const sameInterval = change.interval === subscription.interval || subscription.status === 'trialing';
  return {
    object: 'change_preview',
    token,
    expiresAt: expiresAt.toISOString(),
    currency: currency.parse(subscription.currency),
    dueNowMinor: net + tax,
    taxNowMinor: tax,
    nextMinor: next.totalMinor,
    nextAt: (sameInterval
      ? subscription.currentPeriodEnd
      : periodEnd(tx.now, change.interval, 1)
    ).toISOString(),
  };
}

/** What was previewed, at that amount, or nothing. A declined card leaves the subscription as it was. */
export async function apply(tx: Tx, id: string, token: string): Promise<Subscription> {
  const subscription = await lock(tx, id);
  const [previewed] = await tx.rows(previewRow, 'select * from sandbox.change_preview where token = $1', [
    token,
  ]);
  if (previewed === undefined || previewed.subscription_id !== id) throw notFound('preview');
  if (previewed.revision !== subscription.revision || previewed.expires_at <= tx.now) {
    throw conflict('stale-preview', 'the subscription or the price moved since: preview again');
  }
  const customer = await lockCustomer(tx, subscription.customerId);
  if (previewed.proration_minor > 0) {
    if (customer.card === null) throw declined('no_card');
    const outcome = charge(customer.card, 'later');
    if (outcome.result === 'declined') throw declined(outcome.code);
    const invoice = await issue(tx, {
      customer,
      subscriptionId: id,
      currency: subscription.currency,
      lines: [
        {
          label: { fr: 'Changement d’offre, au prorata', en: 'Change of plan, pro rata' },
          quantity: 1,
          unitAmountMinor: previewed.proration_minor,
        },
      ],
      coupon: null,
      useCredit: false,
    });
    await markPaid(tx, invoice);
  } else if (previewed.proration_minor < 0) {
    await changeCredit(tx, customer.id, -previewed.proration_minor);
  }
  const moved = previewed.interval !== subscription.interval && subscription.status !== 'trialing';
  return save(tx, {
    ...subscription,
    interval: previewed.interval,
    lines: previewed.lines,
    ...(moved && {
      anchor: tx.now,
      cycle: 1,
      currentPeriodStart: tx.now,
      currentPeriodEnd: periodEnd(tx.now, previewed.interval, 1),
    }),
  });
}
