import { z } from 'zod';

export const currency = z.enum(['EUR', 'USD', 'GBP', 'CHF']);
export type Currency = z.infer<typeof currency>;

/** An amount in the currency's minor unit (cents), never a fraction. */
export const minor = z.int();
export interface Money {
  minor: number;
  currency: Currency;
}

/** A rate in hundredths of a percent applied to an amount: half a unit rounds away from zero, as tax offices do. */
export function portion(amountMinor: number, basisPoints: number): number {
  const exact = Math.abs(amountMinor) * basisPoints;
  const rounded = Math.floor((exact + 5_000) / 10_000);
  return amountMinor < 0 ? -rounded : rounded;
}

/** As people read it: `1 234,50 €`, `€1,234.50`. */
export function formatMoney({ minor: amount, currency: unit }: Money, locale: 'fr' | 'en'): string {
  const format = new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    style: 'currency',
    currency: unit,
  });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount / 10 ** digits);
}
