import { z } from 'zod';
import type { Tx } from './database/store.ts';
import { refund } from './invoice/invoice.ts';
import { notFound } from './refusal.ts';

export const switches = z.object({
  duplicate: z.boolean(),
  reorder: z.boolean(),
  delay_seconds: z.int().min(0).max(3600),
  drop_percent: z.int().min(0).max(100),
});
export type Switches = z.infer<typeof switches>;

export async function readSwitches(tx: Tx): Promise<Switches> {
  const [found] = await tx.rows(switches, 'select * from sandbox.switches');
  if (found === undefined) throw notFound('switches');
  return found;
}

export async function setSwitches(tx: Tx, set: Switches): Promise<void> {
  await tx.run(
    'update sandbox.switches set duplicate = $1, reorder = $2, delay_seconds = $3, drop_percent = $4',
    [set.duplicate, set.reorder, set.delay_seconds, set.drop_percent],
  );
}

const listed = z.object({
  id: z.string(),
  customer: z.string(),
  plan: z.object({ fr: z.string(), en: z.string() }),
  status: z.enum(['trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']),
  dispute: z.enum(['none', 'open', 'won', 'lost']),
  ends: z.date(),
});
export type ListedSubscription = z.infer<typeof listed>;

export const latestSubscriptions = (tx: Tx): Promise<ListedSubscription[]> =>
  tx.rows(
    listed,
    `select s.id, c.name as customer, s.lines->0->'label' as plan, s.status, s.dispute, s.current_period_end as ends
     from sandbox.subscription s join sandbox.customer c on c.id = s.customer_id order by s.seq desc limit 20`,
  );

const happened = z.object({
  id: z.string(),
  type: z.string(),
  created_at: z.date(),
  deliveries: z.array(
    z.object({
      state: z.enum(['waiting', 'delivered', 'dropped', 'given-up']),
      attempts: z.int(),
      answer: z.string().nullable(),
    }),
  ),
});
export type ListedEvent = z.infer<typeof happened>;

export const latestEvents = (tx: Tx): Promise<ListedEvent[]> =>
  tx.rows(
    happened,
    `select e.id, e.type, e.created_at, json_agg(json_build_object('state', d.state, 'attempts', d.attempts,
       'answer', d.last_answer) order by d.id) as deliveries
     from sandbox.event e join sandbox.delivery d on d.event_id = e.id group by e.seq order by e.seq desc limit 30`,
  );

/** One more webhook for an event, whatever became of the others. */
export async function resend(tx: Tx, eventId: string): Promise<void> {
  const made = await tx.run(
    'insert into sandbox.delivery (event_id, due_at) select id, now() from sandbox.event where id = $1',
    [eventId],
  );
  if (made === 0) throw notFound('event');
}

const invoiceId = z.object({ id: z.string() });

/** Gives back the whole rest of the last invoice that was paid. */
export async function refundLast(tx: Tx, subscriptionId: string): Promise<void> {
  const [last] = await tx.rows(
    invoiceId,
    `select id from sandbox.invoice where subscription_id = $1 and status = 'paid' and total_minor > refunded_minor
     order by issued_at desc, number desc limit 1`,
    [subscriptionId],
  );
  if (last === undefined) throw notFound('paid invoice');
  await refund(tx, last.id, null);
}
