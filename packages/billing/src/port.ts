import type { IncomingHttpHeaders } from 'node:http';
import type { Currency, Money } from './money.ts';
import type { Invoice, SubscriptionSnapshot } from './subscription.ts';

export type ProviderName = 'sandbox' | 'stripe' | 'paddle';

/** What differs between providers and a caller must know. */
export interface Capabilities {
  provider: ProviderName;
  /** The provider is the seller: it invoices, we must not. */
  merchantOfRecord: boolean;
  checkout: 'redirect' | 'overlay';
  portal: boolean;
  /** Real money may move. */
  livemode: boolean;
}

export interface CustomerInput {
  organisationId: string;
  /** The provider's customer, where this organisation has one: it is brought up to date instead. */
  existingRef: string | null;
  email: string;
  organisationName: string;
  /** ISO 3166-1 alpha-2. */
  country: string;
  siren: string | null;
  vatNumber: string | null;
  locale: 'fr' | 'en';
}

export interface CheckoutLine {
  kind: 'plan' | 'addOn';
  /** Our price: comes back in the subscription's items. */
  priceRef: string;
  label: { fr: string; en: string };
  quantity: number;
  /** Net of tax, for one period. */
  unitAmountMinor: number;
}

export interface CheckoutInput {
  orderId: string;
  organisationId: string;
  customerRef: string;
  currency: Currency;
  interval: 'month' | 'year';
  lines: CheckoutLine[];
  trialDays?: number;
  locale: 'fr' | 'en';
  /** Where the customer comes back to. Neither says anything about payment. */
  successUrl: string;
  cancelUrl: string;
  /** RFC 3339; the subdomain's claim ends then too. */
  expiresAt: string;
  /** The same key and input answer the same checkout, whatever `expiresAt` says by then. */
  idempotencyKey: string;
}

export interface Checkout {
  ref: string;
  state: 'open' | 'complete' | 'expired';
  customerRef: string;
  /** Once it is complete. */
  subscriptionRef: string | null;
  /** Where to send the customer. */
  url: string;
  expiresAt: string;
}

export interface ChangeInput {
  interval: 'month' | 'year';
  lines: CheckoutLine[];
}

/** What a change would cost, frozen: applying another amount is impossible. */
export interface ChangePreview {
  /** Valid for ten minutes and for the subscription as it was. */
  token: string;
  expiresAt: string;
  /** Due at once, tax included; negative is a credit on the next invoice. */
  dueNow: Money;
  taxNow: Money;
  /** The next regular invoice, tax included. */
  next: Money;
  nextAt: string;
}

export interface Refund {
  ref: string;
  invoiceRef: string;
  amount: Money;
}

/** A verified webhook, or an event of the provider's list: only a reason to look again. */
export interface BillingEvent {
  provider: ProviderName;
  livemode: boolean;
  eventId: string;
  type: string;
  /** What it says it is about: a hint where to look. */
  subscriptionRef: string | null;
  /** RFC 3339. */
  occurredAt: string;
}

/**
 * One payment provider. Every method throws BillingError; none trusts a metadata field.
 *
 * What a subscription's state means for its platform: pending → the name is held, nothing else · trialing, active →
 * it runs · past_due → 0–7 days it runs with a banner, 7–14 days read-only, then suspended · unpaid, paused →
 * suspended, data kept · cancelled → suspended, export for 30 days, then deletion after two notices.
 */
export interface Billing {
  readonly capabilities: Capabilities;
  ensureCustomer(input: CustomerInput): Promise<{ ref: string }>;
  createCheckout(input: CheckoutInput): Promise<Checkout>;
  /** Idempotent; a complete checkout is answered as it is. */
  expireCheckout(ref: string): Promise<Checkout>;
  getCheckout(ref: string): Promise<Checkout>;
  getSubscription(ref: string): Promise<SubscriptionSnapshot>;
  /** All of them, oldest first; pass the last answer's cursor until it is null. */
  listSubscriptions(cursor: string | null): Promise<{ items: SubscriptionSnapshot[]; cursor: string | null }>;
  previewChange(ref: string, change: ChangeInput): Promise<ChangePreview>;
  /** @throws invalid-request `stale-preview` where the subscription or the price moved: preview again. */
  applyChange(ref: string, token: string): Promise<SubscriptionSnapshot>;
  cancel(ref: string, at: 'period-end' | 'now'): Promise<SubscriptionSnapshot>;
  uncancel(ref: string): Promise<SubscriptionSnapshot>;
  portalSession(input: {
    customerRef: string;
    returnUrl: string;
    locale: 'fr' | 'en';
  }): Promise<{ url: string; expiresAt: string }>;
  /** Newest first. */
  listInvoices(subscriptionRef: string): Promise<Invoice[]>;
  /** @param amountMinor the whole rest where it is left out */
  refund(input: { invoiceRef: string; amountMinor?: number; idempotencyKey: string }): Promise<Refund>;
  /** @throws WebhookRejected */
  verifyWebhook(raw: Uint8Array, headers: IncomingHttpHeaders): BillingEvent;
  /** Oldest first, at most 100; the cursor to pass next time. */
  listEventsSince(cursor: string | null): Promise<{ items: BillingEvent[]; cursor: string | null }>;
}
