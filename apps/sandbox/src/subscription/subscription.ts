import { currency } from '@preau/billing/money';
import * as wire from '@preau/billing/sandbox/wire';
import { z } from 'zod';
import type { Tx } from '../database/store.ts';
import { newId } from '../ids.ts';
import type { Coupon } from '../invoice/amounts.ts';
import { coupon } from '../invoice/amounts.ts';
import { invoicesOf, present as presentInvoice } from '../invoice/invoice.ts';
import { notFound } from '../refusal.ts';
import type { Interval } from './period.ts';

const status = z.enum(['trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']);
export type Status = z.infer<typeof status>;

export const subscriptionRow = z
  .object({
    id: z.string(),
    seq: z.string(),
    customer_id: z.string(),
    checkout_id: z.string().nullable(),
    status,
    currency,
    interval: z.enum(['month', 'year']),
    lines: z.array(wire.line),
    coupon: coupon.nullable(),
    metadata: z.record(z.string(), z.string()),
    anchor: z.date(),
    cycle: z.int(),
    current_period_start: z.date(),
    current_period_end: z.date(),
    cancel_at: z.date().nullable(),
    past_due_since: z.date().nullable(),
    failed_attempts: z.int(),
    next_retry_at: z.date().nullable(),
    dispute: z.enum(['none', 'open', 'won', 'lost']),
    revision: z.int(),
  })
  .transform((row) => ({
    id: row.id,
    seq: row.seq,
    customerId: row.customer_id,
    checkoutId: row.checkout_id,
    status: row.status,
    currency: row.currency,
    interval: row.interval,
    lines: row.lines,
    coupon: row.coupon,
    metadata: row.metadata,
    anchor: row.anchor,
    cycle: row.cycle,
    currentPeriodStart: row.current_period_start,
    currentPeriodEnd: row.current_period_end,
    cancelAt: row.cancel_at,
    pastDueSince: row.past_due_since,
    failedAttempts: row.failed_attempts,
    nextRetryAt: row.next_retry_at,
    dispute: row.dispute,
    revision: row.revision,
  }));
export type Subscription = z.output<typeof subscriptionRow>;

export interface NewSubscription {
  customerId: string;
  checkoutId: string;
  status: 'trialing' | 'active';
  currency: z.infer<typeof currency>;
  interval: Interval;
  lines: readonly wire.WireLine[];
  coupon: Coupon | null;
  metadata: Record<string, string>;
  anchor: Date;
  cycle: number;
  periodStart: Date;
  periodEnd: Date;
}

export async function open(tx: Tx, input: NewSubscription): Promise<Subscription> {
  const rows = await tx.rows(
    subscriptionRow,
    `insert into sandbox.subscription (id, customer_id, checkout_id, status, currency, interval, lines, coupon, metadata,
       anchor, cycle, current_period_start, current_period_end, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) returning *`,
    [
      newId('sub'),
      input.customerId,
      input.checkoutId,
      input.status,
      input.currency,
      input.interval,
      JSON.stringify(input.lines),
      input.coupon === null ? null : JSON.stringify(input.coupon),
      JSON.stringify(input.metadata),
      input.anchor,
      input.cycle,
      input.periodStart,
      input.periodEnd,
      tx.now,
    ],
  );
  const subscription = only(rows);
  tx.emit('subscription.created', { subscription: subscription.id, checkout: subscription.checkoutId });
  return subscription;
}

export async function find(tx: Tx, id: string): Promise<Subscription> {
  return only(await tx.rows(subscriptionRow, 'select * from sandbox.subscription where id = $1', [id]));
}

/** Waits for others who change the same subscription. */
export async function lock(tx: Tx, id: string): Promise<Subscription> {
  return only(
    await tx.rows(subscriptionRow, 'select * from sandbox.subscription where id = $1 for update', [id]),
  );
}

/** Writes what may change and says so to the world; previews of the revision before are stale from now on. */
export async function save(tx: Tx, changed: Subscription): Promise<Subscription> {
  const rows = await tx.rows(
    subscriptionRow,
    `update sandbox.subscription set status = $2, interval = $3, lines = $4, coupon = $5, anchor = $6, cycle = $7,
       current_period_start = $8, current_period_end = $9, cancel_at = $10, past_due_since = $11, failed_attempts = $12,
       next_retry_at = $13, dispute = $14, revision = revision + 1
     where id = $1 returning *`,
    [
      changed.id,
      changed.status,
      changed.interval,
      JSON.stringify(changed.lines),
      changed.coupon === null ? null : JSON.stringify(changed.coupon),
      changed.anchor,
      changed.cycle,
      changed.currentPeriodStart,
      changed.currentPeriodEnd,
      changed.cancelAt,
      changed.pastDueSince,
      changed.failedAttempts,
      changed.nextRetryAt,
      changed.dispute,
    ],
  );
  const saved = only(rows);
  tx.emit(saved.status === 'canceled' ? 'subscription.deleted' : 'subscription.updated', {
    subscription: saved.id,
  });
  return saved;
}

export function ofCustomer(tx: Tx, customerId: string): Promise<Subscription[]> {
  return tx.rows(
    subscriptionRow,
    'select * from sandbox.subscription where customer_id = $1 order by seq desc',
    [customerId],
  );
}

/** Oldest first, a hundred at most, after the given sequence number. */
export function page(tx: Tx, after: string): Promise<Subscription[]> {
  return tx.rows(
    subscriptionRow,
    'select * from sandbox.subscription where seq > $1 order by seq limit 100',
    [after],
  );
}

export async function present(
  tx: Tx,
  subscription: Subscription,
  publicUrl: string,
): Promise<wire.WireSubscription> {
  const invoices = await invoicesOf(tx, subscription.id);
  return {
    object: 'subscription',
    id: subscription.id,
    status: subscription.status,
    customer: subscription.customerId,
    checkout: subscription.checkoutId,
    currency: subscription.currency,
    interval: subscription.interval,
    items: subscription.lines,
    currentPeriodStart: subscription.currentPeriodStart.toISOString(),
    currentPeriodEnd: subscription.currentPeriodEnd.toISOString(),
    cancelAt: subscription.cancelAt?.toISOString() ?? null,
    dispute: subscription.dispute,
    invoices: invoices.map((invoice) => presentInvoice(invoice, publicUrl)),
    metadata: subscription.metadata,
  };
}

function only(rows: Subscription[]): Subscription {
  const [row] = rows;
  if (row === undefined) throw notFound('subscription');
  return row;
}
