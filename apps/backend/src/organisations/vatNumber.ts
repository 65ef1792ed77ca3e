import { isSiren } from './siren.ts';

/** Formats of the VAT numbers of the European Union and Northern Ireland (European Commission, VIES). */
const FORMATS: Record<string, RegExp> = {
  AT: /^U\d{8}$/,
  BE: /^[01]\d{9}$/,
  BG: /^\d{9,10}$/,
  CY: /^\d{8}[A-Z]$/,
  CZ: /^\d{8,10}$/,
  DE: /^\d{9}$/,
  DK: /^\d{8}$/,
  EE: /^\d{9}$/,
  EL: /^\d{9}$/,
  ES: /^[A-Z0-9]\d{7}[A-Z0-9]$/,
  FI: /^\d{8}$/,
  FR: /^[A-HJ-NP-Z0-9]{2}\d{9}$/,
  HR: /^\d{11}$/,
  HU: /^\d{8}$/,
  IE: /^(\d[0-9A-Z+*]\d{5}[A-Z]|\d{7}[A-W][A-I])$/,
  IT: /^\d{11}$/,
  LT: /^(\d{9}|\d{12})$/,
  LU: /^\d{8}$/,
  LV: /^\d{11}$/,
  MT: /^\d{8}$/,
  NL: /^[0-9A-Z+*]{9}B\d{2}$/,
  PL: /^\d{10}$/,
  PT: /^\d{9}$/,
  RO: /^\d{2,10}$/,
  SE: /^\d{12}$/,
  SI: /^\d{8}$/,
  SK: /^\d{10}$/,
  XI: /^(\d{9}|\d{12}|GD\d{3}|HA\d{3})$/,
};

export type VatFault = 'country' | 'format' | 'check-digits';

/**
 * What is wrong with a VAT number of the European Union, or null. Its form is checked for every country, its
 * check digits for France; whether it is registered only VIES knows.
 * @param text without spaces, in capitals
 */
export function vatFault(text: string): VatFault | null {
  const format = FORMATS[text.slice(0, 2)];
  const number = text.slice(2);
  if (!format) return 'country';
  if (!format.test(number)) return 'format';
  return text.startsWith('FR') && !hasFrenchKey(number) ? 'check-digits' : null;
}

/** The key is (12 + 3 × (SIREN mod 97)) mod 97; keys with letters follow no published rule. */
function hasFrenchKey(number: string): boolean {
  const key = number.slice(0, 2);
  const siren = number.slice(2);
  if (!isSiren(siren)) return false;
  return !/^\d{2}$/.test(key) || Number(key) === (12 + 3 * (Number(siren) % 97)) % 97;
}
