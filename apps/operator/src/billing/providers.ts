import { type Billing, createBilling } from '@preau/billing';
import type { Settings } from '../settings.ts';

/** What the operator asks of a payment provider. */
export type Provider = Pick<Billing, 'capabilities' | 'getSubscription' | 'listEventsSince' | 'cancel'>;

/** One adapter for each provider that is set up. */
export function openProviders(settings: Settings): Provider[] {
  return [
    createBilling({
      provider: 'sandbox',
      url: settings.SANDBOX_URL,
      apiKey: settings.SANDBOX_API_KEY,
      webhookSecrets: [],
    }),
  ];
}
