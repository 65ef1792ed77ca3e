import type { Locale } from '@preau/contract';

/** Where we sell: the European Union, its neighbours, and the French-speaking countries we can invoice. */
const codes =
  'FR BE CH LU MC AT BG HR CY CZ DK EE FI DE GR HU IE IT LV LT MT NL PL PT RO SK SI ES SE GB NO IS LI CA MA TN SN CI'.split(
    ' ',
  );

/** Countries by their name in a language, France first. */
export function countryNames(locale: Locale): { value: string; label: string }[] {
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const all = codes.map((value) => ({ value, label: names.of(value) ?? value }));
  const [france, ...others] = all;
  others.sort((a, b) => a.label.localeCompare(b.label, locale));
  return france ? [france, ...others] : others;
}
