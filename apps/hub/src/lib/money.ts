import type { Locale } from '@preau/contract';

/** An amount in minor units (cents) as people read it; whole amounts without decimals. */
export function formatAmount(amountMinor: number, currency: string, locale: Locale): string {
  const whole = amountMinor % 100 === 0;
  return new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    style: 'currency',
    currency,
    minimumFractionDigits: whole ? 0 : 2,
    maximumFractionDigits: 2,
  }).format(amountMinor / 100);
}

/** Euros out of cents that may be fractions: three significant digits where they are few. */
export function formatCents(cents: number, locale: Locale): string {
  const euros = cents / 100;
  const small = Math.abs(euros) < 0.1 && euros !== 0;
  return new Intl.NumberFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    style: 'currency',
    currency: 'EUR',
    ...(small ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  }).format(euros);
}
