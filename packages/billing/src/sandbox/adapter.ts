import { createHash, randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import { WebhookRejected } from '../error.ts';
import type {
  Billing,
  BillingEvent,
  Capabilities,
  ChangeInput,
  ChangePreview,
  Checkout,
  CheckoutInput,
  CheckoutLine,
  CustomerInput,
  Refund,
} from '../port.ts';
import { verifySignature } from '../signature.ts';
import type { Invoice, SubscriptionSnapshot, SubscriptionState } from '../subscription.ts';
import { Client } from './client.ts';
import * as wire from './wire.ts';

export interface SandboxSettings {
  provider: 'sandbox';
  /** The provider's API inside the house, e.g. `http://127.0.0.1:8090`. */
  url: string;
  apiKey: string;
  /** Every secret that is valid now: two while one is being replaced. */
  webhookSecrets: readonly string[];
  /** Default 10 s. */
  timeoutMilliseconds?: number;
  /** Default 200 ms. */
  retryMilliseconds?: number;
  clock?: () => Date;
}

const STATES: Readonly<Record<wire.WireSubscription['status'], SubscriptionState>> = {
  incomplete: 'pending',
  trialing: 'trialing',
  active: 'active',
  past_due: 'past_due',
  unpaid: 'unpaid',
  paused: 'paused',
  canceled: 'cancelled',
};

const subscriptions = wire.list(wire.subscription);
const events = wire.list(wire.event);
const invoices = wire.list(wire.invoice);

/** The sandbox provider (apps/sandbox) behind the port. */
export class SandboxBilling implements Billing {
  readonly capabilities: Capabilities = {
    provider: 'sandbox',
    merchantOfRecord: false,
    checkout: 'redirect',
    portal: true,
    livemode: false,
  };
  readonly #client: Client;
  readonly #secrets: readonly string[];
  readonly #clock: () => Date;

  constructor(settings: SandboxSettings) {
    this.#client = new Client({
      url: settings.url,
      apiKey: settings.apiKey,
      timeoutMilliseconds: settings.timeoutMilliseconds ?? 10_000,
      retryMilliseconds: settings.retryMilliseconds ?? 200,
    });
    this.#secrets = settings.webhookSecrets;
    this.#clock = settings.clock ?? (() => new Date());
  }

  async ensureCustomer(input: CustomerInput): Promise<{ ref: string }> {
    const body: z.infer<typeof wire.customerInput> = {
      externalId: input.organisationId,
      email: input.email,
      name: input.organisationName,
      country: input.country,
      siren: input.siren,
      vatNumber: input.vatNumber,
      locale: input.locale,
    };
    const path = input.existingRef === null ? '/v1/customers' : `/v1/customers/${segment(input.existingRef)}`;
    const key = `customer:${createHash('sha256').update(JSON.stringify(body)).digest('hex')}`;
    const { id } = await this.#client.post(path, body, wire.customer, key);
    return { ref: id };
  }

  async createCheckout(input: CheckoutInput): Promise<Checkout> {
    const body: z.infer<typeof wire.checkoutInput> = {
      customer: input.customerRef,
      currency: input.currency,
      interval: input.interval,
      lines: input.lines.map(toLine),
      trialDays: input.trialDays ?? 0,
      locale: input.locale,
      successUrl: input.successUrl,
      cancelUrl: input.cancelUrl,
      expiresAt: input.expiresAt,
      metadata: { orderId: input.orderId, organisationId: input.organisationId },
    };
    return toCheckout(
      await this.#client.post('/v1/checkouts', body, wire.checkout, `checkout:${input.idempotencyKey}`),
    );
  }

  async expireCheckout(ref: string): Promise<Checkout> {
    const path = `/v1/checkouts/${segment(ref)}/expire`;
    return toCheckout(await this.#client.post(path, {}, wire.checkout, randomUUID()));
  }

  async getCheckout(ref: string): Promise<Checkout> {
    return toCheckout(await this.#client.get(`/v1/checkouts/${segment(ref)}`, wire.checkout));
  }

  async getSubscription(ref: string): Promise<SubscriptionSnapshot> {
    return toSnapshot(await this.#client.get(`/v1/subscriptions/${segment(ref)}`, wire.subscription));
  }

  async listSubscriptions(
    cursor: string | null,
  ): Promise<{ items: SubscriptionSnapshot[]; cursor: string | null }> {
    const page = await this.#client.get(`/v1/subscriptions${after(cursor)}`, subscriptions);
    return { items: page.items.map(toSnapshot), cursor: page.cursor };
  }

  async previewChange(ref: string, change: ChangeInput): Promise<ChangePreview> {
    const preview = await this.#client.post(
      `/v1/subscriptions/${segment(ref)}/preview`,
      { interval: change.interval, lines: change.lines.map(toLine) },
      wire.changePreview,
      randomUUID(),
    );
    const money = (minor: number) => ({ minor, currency: preview.currency });
    return {
      token: preview.token,
      expiresAt: preview.expiresAt,
      dueNow: money(preview.dueNowMinor),
      taxNow: money(preview.taxNowMinor),
      next: money(preview.nextMinor),
      nextAt: preview.nextAt,
    };
  }

  async applyChange(ref: string, token: string): Promise<SubscriptionSnapshot> {
    return this.#act(ref, 'change', { token }, `change:${token}`);
  }

  async cancel(ref: string, at: 'period-end' | 'now'): Promise<SubscriptionSnapshot> {
    return this.#act(ref, 'cancel', { at }, randomUUID());
  }

  async uncancel(ref: string): Promise<SubscriptionSnapshot> {
    return this.#act(ref, 'uncancel', {}, randomUUID());
  }

  async portalSession(input: {
    customerRef: string;
    returnUrl: string;
    locale: 'fr' | 'en';
  }): Promise<{ url: string; expiresAt: string }> {
    const body = { customer: input.customerRef, returnUrl: input.returnUrl, locale: input.locale };
    const { url, expiresAt } = await this.#client.post(
      '/v1/portal-sessions',
      body,
      wire.portalSession,
      randomUUID(),
    );
    return { url, expiresAt };
  }

  async listInvoices(subscriptionRef: string): Promise<Invoice[]> {
    const page = await this.#client.get(
      `/v1/invoices?subscription=${encodeURIComponent(subscriptionRef)}`,
      invoices,
    );
    return page.items.map(toInvoice);
  }

  async refund(input: { invoiceRef: string; amountMinor?: number; idempotencyKey: string }): Promise<Refund> {
    const refund = await this.#client.post(
      '/v1/refunds',
      { invoice: input.invoiceRef, amountMinor: input.amountMinor ?? null },
      wire.refund,
      `refund:${input.idempotencyKey}`,
    );
    return {
      ref: refund.id,
      invoiceRef: refund.invoice,
      amount: { minor: refund.amountMinor, currency: refund.currency },
    };
  }

  verifyWebhook(raw: Uint8Array, headers: IncomingHttpHeaders): BillingEvent {
    const header = headers[wire.SIGNATURE_HEADER];
    verifySignature(raw, typeof header === 'string' ? header : undefined, this.#clock(), this.#secrets);
    const event = wire.event.safeParse(parse(raw));
    if (!event.success) throw new WebhookRejected('malformed');
    return toEvent(event.data);
  }

  async listEventsSince(cursor: string | null): Promise<{ items: BillingEvent[]; cursor: string | null }> {
    const page = await this.#client.get(`/v1/events${after(cursor)}`, events);
    return { items: page.items.map(toEvent), cursor: page.cursor ?? cursor };
  }

  async #act(ref: string, verb: string, body: unknown, key: string): Promise<SubscriptionSnapshot> {
    const path = `/v1/subscriptions/${segment(ref)}/${verb}`;
    return toSnapshot(await this.#client.post(path, body, wire.subscription, key));
  }
}

const segment = (ref: string): string => encodeURIComponent(ref);
const after = (cursor: string | null): string =>
  cursor === null ? '' : `?after=${encodeURIComponent(cursor)}`;

function parse(raw: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
}

function toLine(line: CheckoutLine): wire.WireLine {
  const { kind, priceRef, label, quantity, unitAmountMinor } = line;
  return { kind, price: priceRef, label, quantity, unitAmountMinor };
}

function toCheckout(from: z.infer<typeof wire.checkout>): Checkout {
  return {
    ref: from.id,
    state: from.status,
    customerRef: from.customer,
    subscriptionRef: from.subscription,
    url: from.url,
    expiresAt: from.expiresAt,
  };
}

function toInvoice(from: z.infer<typeof wire.invoice>): Invoice {
  const refunded = from.status === 'paid' && from.totalMinor > 0 && from.refundedMinor >= from.totalMinor;
  return {
    ref: from.id,
    number: from.number,
    state: refunded ? 'refunded' : from.status,
    currency: from.currency,
    totalMinor: from.totalMinor,
    taxMinor: from.taxMinor,
    issuedAt: from.issuedAt,
    url: from.url,
  };
}

/** A lost dispute, or the current period's money given back whole: nobody pays for it any more. */
function toState(from: wire.WireSubscription): SubscriptionState {
  const state = STATES[from.status];
  if (state === 'cancelled' || state === 'pending') return state;
  const latest = from.invoices.find((invoice) => invoice.totalMinor > 0);
  const givenBack = latest !== undefined && toInvoice(latest).state === 'refunded';
  return from.dispute === 'lost' || givenBack ? 'unpaid' : state;
}

function toSnapshot(from: wire.WireSubscription): SubscriptionSnapshot {
  const unpaid = from.invoices.filter((invoice) => invoice.status === 'open').map((invoice) => invoice.dueAt);
  return {
    ref: from.id,
    customerRef: from.customer,
    checkoutRef: from.checkout,
    state: toState(from),
    rawState: from.status,
    currency: from.currency,
    currentPeriodStart: from.currentPeriodStart,
    currentPeriodEnd: from.currentPeriodEnd,
    pastDueSince:
      from.status === 'past_due' || from.status === 'unpaid'
        ? (unpaid.sort((a, b) => Date.parse(a) - Date.parse(b))[0] ?? null)
        : null,
    cancelAt: from.cancelAt,
    items: from.items.map(({ price, quantity }) => ({ priceRef: price, quantity })),
    invoices: from.invoices.map(toInvoice),
    dispute: from.dispute,
    references: {
      orderId: from.metadata.orderId ?? null,
      organisationId: from.metadata.organisationId ?? null,
    },
  };
}

function toEvent(from: wire.WireEvent): BillingEvent {
  return {
    provider: 'sandbox',
    livemode: from.livemode,
    eventId: from.id,
    type: from.type,
    subscriptionRef: from.data.subscription,
    occurredAt: from.createdAt,
  };
}
