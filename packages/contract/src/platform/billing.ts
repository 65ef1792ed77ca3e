import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { currency, id, instant, listOf, minor } from '../primitives.ts';
import { interval, localised } from './plans.ts';

const tag = 'Billing';
export const provider = z.enum(['sandbox', 'stripe', 'paddle']);

/** `reference/billing`: subscription → instance. */
export const subscriptionState = z.enum([
  'pending',
  'trialing',
  'active',
  'past_due',
  'unpaid',
  'paused',
  'cancelled',
]);

export const invoice = z.object({
  ref: z.string(),
  number: z.string(),
  state: z.enum(['draft', 'open', 'paid', 'void', 'uncollectible', 'refunded']),
  currency,
  totalMinor: minor,
  taxMinor: minor,
  issuedAt: instant,
  /** The provider's own page or PDF of the invoice. */
  url: z.string().nullable(),
});
export type Invoice = z.infer<typeof invoice>;

/** A subscription as its provider shows it now. */
export const subscriptionSnapshot = z.object({
  ref: z.string().min(1).max(200),
  customerRef: z.string().min(1).max(200),
  /** The checkout that opened it; ownership is established by it. */
  checkoutRef: z.string().max(200).nullable(),
  state: subscriptionState,
  rawState: z.string().max(100),
  currency,
  currentPeriodStart: instant.nullable(),
  currentPeriodEnd: instant.nullable(),
  /** When the oldest unpaid invoice fell due; dunning counts from here. */
  pastDueSince: instant.nullable(),
  cancelAt: instant.nullable(),
  items: z.array(z.object({ priceRef: z.string().max(200), quantity: z.int().min(1) })).max(50),
  invoices: z.array(invoice).max(100),
});
export type SubscriptionSnapshot = z.infer<typeof subscriptionSnapshot>;

export const storeInboxEntry = defineOperation({
  id: 'storeInboxEntry',
  method: 'POST',
  path: '/v1/billing/inbox',
  tag,
  identity: 'hub',
  summary: 'Store a verified webhook, once per event; the work happens later',
  body: z.object({
    provider,
    livemode: z.boolean(),
    eventId: z.string().min(1).max(200),
    type: z.string().min(1).max(200),
    /** What the event says it is about; only a hint where to look. */
    subscriptionRef: z.string().max(200).nullable(),
    occurredAt: instant,
    /** The raw body as it was signed. */
    payload: z.string().max(1_048_576),
  }),
  response: z.object({ id, duplicate: z.boolean() }),
});

export const inboxEntry = z.object({
  id,
  provider,
  livemode: z.boolean(),
  eventId: z.string(),
  type: z.string(),
  subscriptionRef: z.string().nullable(),
  state: z.enum(['pending', 'done', 'ignored', 'dead']),
  attempts: z.int(),
  error: z.string().nullable(),
  receivedAt: instant,
});
export type InboxEntry = z.infer<typeof inboxEntry>;

export const listPendingInbox = defineOperation({
  id: 'listPendingInbox',
  method: 'GET',
  path: '/v1/billing/inbox/pending',
  tag,
  identity: 'operator',
  summary: 'Events that are due to be looked at, oldest first (100 at most)',
  response: listOf(inboxEntry),
});

export const settleInboxEntry = defineOperation({
  id: 'settleInboxEntry',
  method: 'POST',
  path: '/v1/billing/inbox/{entryId}/outcome',
  tag,
  identity: 'operator',
  summary: 'Say how an event ended; a failure is due again after a growing delay and dead after 12',
  params: z.object({ entryId: id }),
  body: z.object({ outcome: z.enum(['done', 'ignored', 'failed']), error: z.string().max(2000).nullable() }),
  response: inboxEntry,
  errors: ['not-found'],
});

export const getSubscriptionRevision = defineOperation({
  id: 'getSubscriptionRevision',
  method: 'GET',
  path: '/v1/billing/subscriptions/{provider}/{ref}/revision',
  tag,
  identity: 'operator',
  summary: 'The revision to read before fetching from the provider; 0 where it is not known yet',
  params: z.object({ provider, ref: z.string().min(1).max(200) }),
  response: z.object({ revision: z.int() }),
});

export const applySubscription = defineOperation({
  id: 'applySubscription',
  method: 'PUT',
  path: '/v1/billing/subscriptions/{provider}/{ref}',
  tag,
  identity: 'operator',
  summary:
    'Store the subscription as fetched and, in the same transaction, what follows from it (order paid, instance wanted, suspended, resumed)',
  params: z.object({ provider, ref: z.string().min(1).max(200) }),
  body: z.object({
    /** As read before fetching; another value now answers `conflict`: fetch again. */
    expectedRevision: z.int(),
    snapshot: subscriptionSnapshot,
  }),
  response: z.object({ revision: z.int(), changed: z.boolean(), instanceId: id.nullable() }),
  errors: ['conflict', 'not-found'],
});

export const subscription = z.object({
  id,
  provider,
  ref: z.string(),
  state: subscriptionState,
  currency,
  interval,
  planCode: z.string(),
  planName: localised,
  addOnCodes: z.array(z.string()),
  amountMinor: minor,
  currentPeriodEnd: instant.nullable(),
  cancelAt: instant.nullable(),
  pastDueSince: instant.nullable(),
  customerRef: z.string(),
  instanceId: id.nullable(),
});
export type Subscription = z.infer<typeof subscription>;

export const getBilling = defineOperation({
  id: 'getBilling',
  method: 'GET',
  path: '/v1/organisations/{organisationId}/billing',
  tag,
  identity: 'account',
  summary: 'Subscriptions and invoices of an organisation (owner, administrator, billing)',
  params: z.object({ organisationId: id }),
  response: z.object({ subscriptions: z.array(subscription), invoices: z.array(invoice) }),
  errors: ['not-found', 'forbidden'],
});

export const listKnownSubscriptions = defineOperation({
  id: 'listKnownSubscriptions',
  method: 'GET',
  path: '/v1/billing/subscriptions',
  tag,
  identity: 'operator',
  summary: 'References of every subscription that is not over, for the nightly reconcile',
  response: listOf(z.object({ provider, ref: z.string(), revision: z.int() })),
});
