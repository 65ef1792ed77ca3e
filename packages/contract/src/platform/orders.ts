import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { branding, currency, id, instant, locale, minor, subdomainCandidate } from '../primitives.ts';
import { interval } from './plans.ts';

const tag = 'Orders';

export const orderState = z.enum(['draft', 'awaiting_payment', 'paid', 'expired', 'cancelled']);
export const order = z.object({
  id,
  organisationId: id,
  state: orderState,
  slug: z.string(),
  branding,
  locale,
  currency,
  interval,
  lines: z.array(
    z.object({
      kind: z.enum(['plan', 'addOn']),
      code: z.string(),
      priceId: id,
      label: z.object({ fr: z.string(), en: z.string() }),
      quantity: z.int(),
      amountMinor: minor,
    }),
  ),
  /** Net of tax: the provider computes the tax. */
  totalMinor: minor,
  checkout: z
    .object({ provider: z.string(), ref: z.string(), url: z.string(), expiresAt: instant })
    .nullable(),
  /** The platform this order pays for, once payment is confirmed. */
  instanceId: id.nullable(),
  customer: z.object({
    email: z.string(),
    organisationName: z.string(),
    country: z.string(),
    siren: z.string().nullable(),
    vatNumber: z.string().nullable(),
    /** The provider's customer for this organisation, where it has one. */
    providerRef: z.string().nullable(),
  }),
  createdAt: instant,
});
export type Order = z.infer<typeof order>;

export const placeOrder = defineOperation({
  id: 'placeOrder',
  method: 'POST',
  path: '/v1/organisations/{organisationId}/orders',
  tag,
  identity: 'account',
  summary: 'Order a platform: holds the subdomain, freezes the prices; pays nothing (owner, administrator)',
  params: z.object({ organisationId: id }),
  body: z.object({
    /** Chosen by the caller; the same key answers the same order. */
    idempotencyKey: id,
    slug: subdomainCandidate,
    priceId: id,
    addOnPriceIds: z.array(id).max(20).default([]),
    branding,
    locale,
  }),
  response: order,
  status: 201,
  limits: [{ max: 30, windowSeconds: 3600, by: 'caller' }],
  errors: ['not-found', 'forbidden', 'subdomain-taken', 'subdomain-refused'],
});

export const getOrder = defineOperation({
  id: 'getOrder',
  method: 'GET',
  path: '/v1/orders/{orderId}',
  tag,
  identity: 'account',
  summary: 'One order of the caller’s organisations',
  params: z.object({ orderId: id }),
  response: order,
  errors: ['not-found', 'second-factor-needed'],
});

export const recordCheckout = defineOperation({
  id: 'recordCheckout',
  method: 'PUT',
  path: '/v1/orders/{orderId}/checkout',
  tag,
  identity: 'account',
  summary:
    'Store the provider’s checkout and customer references: ownership is checked against them, never against metadata',
  params: z.object({ orderId: id }),
  body: z.object({
    provider: z.enum(['sandbox', 'stripe', 'paddle']),
    ref: z.string().min(1).max(200),
    customerRef: z.string().min(1).max(200),
    url: z.url().max(2000),
    expiresAt: instant,
  }),
  response: order,
  errors: ['not-found', 'order-not-payable'],
});

export const cancelOrder = defineOperation({
  id: 'cancelOrder',
  method: 'DELETE',
  path: '/v1/orders/{orderId}',
  tag,
  identity: 'account',
  summary: 'Give up an unpaid order and free its subdomain',
  params: z.object({ orderId: id }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'state-forbids'],
});
