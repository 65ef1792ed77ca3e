/**
 * What goes over the wire between the adapter and the sandbox provider (apps/sandbox). JSON over HTTP under /v1,
 * `Authorization: Bearer sandbox_sk_…`, `Idempotency-Key` on every POST.
 */
import { z } from 'zod';
import { currency, minor } from '../money.ts';
import { ref } from '../subscription.ts';

const instant = z.iso.datetime({ offset: true });
const httpUrl = z.url({ protocol: /^https?$/ }).max(2000);
const metadata = z.record(z.string().max(40), z.string().max(500));
const label = z.object({ fr: z.string().min(1).max(200), en: z.string().min(1).max(200) });
const locale = z.enum(['fr', 'en']);
const interval = z.enum(['month', 'year']);

export const line = z.object({
  kind: z.enum(['plan', 'addOn']),
  price: ref,
  label,
  quantity: z.int().min(1).max(10_000),
  unitAmountMinor: z.int().min(0).max(100_000_000),
});
export type WireLine = z.infer<typeof line>;

export const customerInput = z.object({
  /** Unique with this provider: a second creation answers, and brings up to date, the first. */
  externalId: z.string().min(1).max(200),
  email: z.string().max(254),
  name: z.string().min(1).max(200),
  country: z.string().regex(/^[A-Z]{2}$/),
  siren: z.string().max(20).nullable(),
  vatNumber: z.string().max(20).nullable(),
  locale,
});
export const customer = customerInput.extend({ object: z.literal('customer'), id: ref });

export const checkoutInput = z.object({
  customer: ref,
  currency,
  interval,
  lines: z.array(line).min(1).max(20),
  trialDays: z.int().min(0).max(90),
  locale,
  successUrl: httpUrl,
  cancelUrl: httpUrl,
  expiresAt: instant,
  metadata,
});
export const checkout = z.object({
  object: z.literal('checkout'),
  id: ref,
  status: z.enum(['open', 'complete', 'expired']),
  customer: ref,
  subscription: ref.nullable(),
  url: httpUrl,
  expiresAt: instant,
});

export const invoice = z.object({
  object: z.literal('invoice'),
  id: ref,
  number: z.string(),
  status: z.enum(['draft', 'open', 'paid', 'void', 'uncollectible']),
  currency,
  totalMinor: minor,
  taxMinor: minor,
  refundedMinor: minor,
  issuedAt: instant,
  dueAt: instant,
  url: httpUrl,
});

export const subscription = z.object({
  object: z.literal('subscription'),
  id: ref,
  status: z.enum(['incomplete', 'trialing', 'active', 'past_due', 'unpaid', 'paused', 'canceled']),
  customer: ref,
  checkout: ref.nullable(),
  currency,
  interval,
  items: z.array(line),
  currentPeriodStart: instant,
  currentPeriodEnd: instant,
  cancelAt: instant.nullable(),
  dispute: z.enum(['none', 'open', 'won', 'lost']),
  /** Newest first, 100 at most. */
  invoices: z.array(invoice),
  metadata,
});
export type WireSubscription = z.infer<typeof subscription>;

export const changeInput = z.object({ interval, lines: z.array(line).min(1).max(20) });
export const changePreview = z.object({
  object: z.literal('change_preview'),
  token: ref,
  expiresAt: instant,
  currency,
  dueNowMinor: minor,
  taxNowMinor: minor,
  nextMinor: minor,
  nextAt: instant,
});
export const changeApplication = z.object({ token: ref });
export const cancellation = z.object({ at: z.enum(['period-end', 'now']) });
export const refundInput = z.object({ invoice: ref, amountMinor: z.int().min(1).nullable() });
export const refund = z.object({
  object: z.literal('refund'),
  id: ref,
  invoice: ref,
  currency,
  amountMinor: minor,
});
export const portalInput = z.object({ customer: ref, returnUrl: httpUrl, locale });
export const portalSession = z.object({
  object: z.literal('portal_session'),
  url: httpUrl,
  expiresAt: instant,
});

export const event = z.object({
  object: z.literal('event'),
  id: ref,
  type: z.string().min(1).max(200),
  livemode: z.literal(false),
  createdAt: instant,
  data: z.object({ subscription: ref.nullable(), checkout: ref.nullable(), invoice: ref.nullable() }),
});
export type WireEvent = z.infer<typeof event>;

export const list = <T extends z.ZodType>(item: T) =>
  z.object({ object: z.literal('list'), items: z.array(item), cursor: z.string().max(200).nullable() });

/** `type`: invalid_request · not_found · authentication · declined · requires_action · rate_limited · api. */
export const failure = z.object({
  error: z.object({ type: z.string(), code: z.string(), message: z.string(), url: z.string().optional() }),
});

export const SIGNATURE_HEADER = 'preau-signature';
