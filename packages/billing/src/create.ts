import type { Billing } from './port.ts';
import type { SandboxSettings } from './sandbox/adapter.ts';
import { SandboxBilling } from './sandbox/adapter.ts';

/** One member for each provider that has an adapter. */
export type BillingSettings = SandboxSettings;

export function createBilling(settings: BillingSettings): Billing {
  switch (settings.provider) {
    case 'sandbox':
      return new SandboxBilling(settings);
  }
}
