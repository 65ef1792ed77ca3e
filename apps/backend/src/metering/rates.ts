import { type RateCard, rateCard } from '@preau/contract/platform/metering';
import { z } from 'zod';

/**
 * What a rented machine of today costs, shared out: memory and processors each bear half of it. RATE_CARD replaces
 * single rates. Nothing of the platform's own processes is in it.
 */
const DEFAULTS: RateCard = {
  memoryGibHour: 0.004,
  processorHour: 0.012,
  egressGib: 0.002,
  storageGibMonth: 0.02,
  databaseGibMonth: 0.12,
  mail: 0.0004,
};

/** `{"egressGib":0.01}` → every rate. */
export const rateCardSetting = z
  .string()
  .default('{}')
  .transform((text, context): RateCard => {
    try {
      return { ...DEFAULTS, ...rateCard.partial().strict().parse(JSON.parse(text)) };
    } catch (error) {
      context.addIssue({
        code: 'custom',
        message: `expected JSON of rates in euros, such as {"egressGib":0.01}: ${String(error)}`,
      });
      return z.NEVER;
    }
  });
