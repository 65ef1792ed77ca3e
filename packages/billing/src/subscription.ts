import { z } from 'zod';
import { currency, minor } from './money.ts';

const instant = z.iso.datetime({ offset: true });
/** A provider's identifier. */
export const ref = z.string().min(1).max(200);

/** The one vocabulary of the house, whatever a provider calls it. What follows from each: docs on the port. */
export const subscriptionState = z.enum([
  'pending',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'cancelled',
]);
export type SubscriptionState = z.infer<typeof subscriptionState>;

export const invoiceState = z.enum(['draft', 'open', 'paid', 'void', 'uncollectible', 'refunded']);
export const invoice = z.object({
  ref,
  number: z.string().max(100),
  state: invoiceState,
  currency,
  /** Tax included. */
  totalMinor: minor,
  taxMinor: minor,
  issuedAt: instant,
  /** The provider's own page or PDF. */
  url: z.string().max(2000).nullable(),
});
export type Invoice = z.infer<typeof invoice>;

/** A subscription as its provider shows it now: what the backend stores. */
export const subscriptionSnapshot = z.object({
  ref,
  customerRef: ref,
  /** The checkout that opened it; whose it is follows from this, never from metadata. */
  checkoutRef: ref.nullable(),
  state: subscriptionState,
  rawState: z.string().max(100),
  currency,
  currentPeriodStart: instant.nullable(),
  currentPeriodEnd: instant.nullable(),
  /** When the oldest unpaid invoice fell due; dunning counts from here. */
  pastDueSince: instant.nullable(),
  /** A cancellation that is scheduled or done. */
  cancelAt: instant.nullable(),
  items: z.array(z.object({ priceRef: ref, quantity: z.int().min(1) })).max(50),
  /** Newest first, 100 at most. */
  invoices: z.array(invoice).max(100),
  /** `lost` has already made the state `unpaid`. */
  dispute: z.enum(['none', 'open', 'won', 'lost']),
  /** As given at checkout: a hint where to look, no proof. */
  references: z.object({ orderId: z.string().nullable(), organisationId: z.string().nullable() }),
});
export type SubscriptionSnapshot = z.infer<typeof subscriptionSnapshot>;
