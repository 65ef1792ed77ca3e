import { z } from 'zod';
import { luhn } from './card.ts';

/** Member states by ISO 3166-1 code, with the form of their VAT numbers (without the prefix, which Greece spells EL). */
const EU: Readonly<Record<string, RegExp>> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^\d{8}$/,
  FR: /^[A-HJ-NP-Z0-9]{2}\d{9}$/,
  GR: /^\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^\d[A-Z0-9+*]\d{5}[A-Z]{1,2}$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^\d{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
};
const FRENCH_RATE = 2_000;

/** Countries one can choose on the checkout page. */
export const countries = [...Object.keys(EU), 'CH', 'GB', 'NO', 'US', 'CA'].sort();

export const isEuropean = (country: string): boolean => country in EU;

/** Nine digits with a Luhn check; spaces are allowed. Answers it bare, or undefined. */
export function readSiren(text: string): string | undefined {
  const bare = text.replaceAll(/[\s.]/g, '');
  return /^\d{9}$/.test(bare) && luhn(bare) ? bare : undefined;
}

/** The VAT number with its prefix and without spaces, or undefined where it cannot be one of that country. */
export function readVatNumber(text: string, country: string): string | undefined {
  const bare = text.replaceAll(/[\s.-]/g, '').toUpperCase();
  const form = EU[country];
  const prefix = country === 'GR' ? 'EL' : country;
  if (form === undefined || !bare.startsWith(prefix) || !form.test(bare.slice(2))) return undefined;
  return checks(country, bare.slice(2)) ? bare : undefined;
}

/** Check digits where the rule is short and public; the others are known by their form only. */
function checks(country: string, digits: string): boolean {
  switch (country) {
    case 'FR': {
      const siren = digits.slice(2);
      const key = digits.slice(0, 2);
      // A key with letters follows another rule and is rare: its form is all we check.
      return luhn(siren) && (!/^\d{2}$/.test(key) || Number(key) === (12 + 3 * (Number(siren) % 97)) % 97);
    }
    case 'BE':
      return 97 - (Number(digits.slice(0, 8)) % 97) === Number(digits.slice(8));
    case 'LU':
      return Number(digits.slice(0, 6)) % 89 === Number(digits.slice(6));
    case 'IT':
      return luhn(digits);
    default:
      return true;
  }
}

export const taxRule = z.object({
  /** Hundredths of a percent. */
  basisPoints: z.int(),
  kind: z.enum(['french', 'reverse-charge', 'outside']),
});
export type TaxRule = z.infer<typeof taxRule>;

/**
 * The seller is French: French VAT, unless the buyer is a company elsewhere in the Union with a VAT number (reverse
 * charge, article 196 of directive 2006/112/EC) or is outside the Union. Without a VAT number a buyer elsewhere in
 * the Union pays French VAT (below the threshold of article 59c).
 */
export function taxRuleFor(buyer: { country: string; vatNumber: string | null }): TaxRule {
  if (!isEuropean(buyer.country)) return { basisPoints: 0, kind: 'outside' };
  if (buyer.country !== 'FR' && buyer.vatNumber !== null) return { basisPoints: 0, kind: 'reverse-charge' };
  return { basisPoints: FRENCH_RATE, kind: 'french' };
}
