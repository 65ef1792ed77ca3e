import { type Billing, createBilling, type ProviderName } from '@preau/billing';
import { SANDBOX_API_KEY, SANDBOX_URL, SANDBOX_WEBHOOK_SECRET } from '$app/env/private';

const providers = new Map<ProviderName, Billing>();
if (SANDBOX_URL && SANDBOX_API_KEY && SANDBOX_WEBHOOK_SECRET) {
  providers.set(
    'sandbox',
    createBilling({
      provider: 'sandbox',
      url: SANDBOX_URL,
      apiKey: SANDBOX_API_KEY,
      webhookSecrets: SANDBOX_WEBHOOK_SECRET.split(',').map((secret) => secret.trim()),
    }),
  );
}

/** The provider of this name where this installation is set up for it. */
export function billingOf(name: string): Billing | undefined {
  return [...providers.values()].find(({ capabilities }) => capabilities.provider === name);
}

/** The provider that new orders are paid at. */
export function defaultBilling(): Billing | undefined {
  return providers.values().next().value;
}
