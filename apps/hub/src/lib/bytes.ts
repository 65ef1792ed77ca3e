import type { Locale } from '@preau/contract';

const UNITS: Record<Locale, string[]> = {
  fr: ['octet', 'Ko', 'Mo', 'Go', 'To'],
  en: ['byte', 'KB', 'MB', 'GB', 'TB'],
};

/** Bytes as people read them: `1,5 Go`. */
export function formatBytes(bytes: number, locale: Locale): string {
  const step = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const number = (bytes / 1024 ** step).toLocaleString(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    maximumFractionDigits: step < 2 ? 0 : 1,
  });
  const plural = step === 0 && new Intl.PluralRules(locale).select(bytes) !== 'one' ? 's' : '';
  return `${number}\u00a0${UNITS[locale][step]}${plural}`;
}
