import type { Locale } from '@preau/contract';

const UNITS: Record<Locale, string[]> = {
  fr: ['octets', 'Ko', 'Mo', 'Go', 'To'],
  en: ['bytes', 'KB', 'MB', 'GB', 'TB'],
};

/** Bytes as people read them: `1,5 Go`. */
export function formatBytes(bytes: number, locale: Locale): string {
  const step = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const number = (bytes / 1024 ** step).toLocaleString(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    maximumFractionDigits: step < 2 ? 0 : 1,
  });
  return `${number}\u00a0${UNITS[locale][step]}`;
}
