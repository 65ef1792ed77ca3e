export type { BillingSettings } from './create.ts';
export { createBilling } from './create.ts';
export type { BillingFault } from './error.ts';
export { BillingError, WebhookRejected } from './error.ts';
export type { Currency, Money } from './money.ts';
export { formatMoney, portion } from './money.ts';
export type {
  Billing,
  BillingEvent,
  Capabilities,
  ChangeInput,
  ChangePreview,
  Checkout,
  CheckoutInput,
  CheckoutLine,
  CustomerInput,
  ProviderName,
  Refund,
} from './port.ts';
export { MAX_WEBHOOK_BYTES, signWebhook, verifySignature } from './signature.ts';
export type { Invoice, SubscriptionSnapshot, SubscriptionState } from './subscription.ts';
export { invoice, subscriptionSnapshot, subscriptionState } from './subscription.ts';
