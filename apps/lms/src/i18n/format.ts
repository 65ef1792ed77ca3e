import type { Locale } from '@preau/contract/primitives';

const regions = { fr: 'fr-FR', en: 'en-GB' } as const;

/** Made for a language when it is first needed: a formatter takes as long as many pages. */
function both<T>(make: (region: string) => T): (locale: Locale) => T {
  const made: Partial<Record<Locale, T>> = {};
  return (locale) => {
    made[locale] ??= make(regions[locale]);
    return made[locale];
  };
}

const dates = both(
  (region) => new Intl.DateTimeFormat(region, { dateStyle: 'long', timeZone: 'Europe/Paris' }),
);
const instants = both(
  (region) =>
    new Intl.DateTimeFormat(region, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'Europe/Paris' }),
);
const numbers = both((region) => new Intl.NumberFormat(region, { maximumFractionDigits: 2 }));
const percents = both(
  (region) => new Intl.NumberFormat(region, { style: 'percent', maximumFractionDigits: 0 }),
);

/** « 24 novembre 2026 » from an RFC 3339 instant. */
export const formatDate = (locale: Locale, instant: string) => dates(locale).format(new Date(instant));
/** « 24 nov. 2026, 14:05 ». */
export const formatInstant = (locale: Locale, instant: string) => instants(locale).format(new Date(instant));
export const formatNumber = (locale: Locale, value: number) => numbers(locale).format(value);
/** From 0–100. */
export const formatPercent = (locale: Locale, value: number) => percents(locale).format(value / 100);

/** « 1 h 30 », « 45 min »; nothing for no minutes. */
export function formatMinutes(minutes: number): string {
  if (minutes <= 0) return '';
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  if (hours === 0) return `${rest}\u00A0min`;
  return rest === 0 ? `${hours}\u00A0h` : `${hours}\u00A0h\u00A0${String(rest).padStart(2, '0')}`;
}

const UNITS = { fr: ['octets', 'Ko', 'Mo', 'Go', 'To'], en: ['bytes', 'KB', 'MB', 'GB', 'TB'] } as const;

/** « 1,5 Go »; kilobytes and bytes without decimals. */
export function formatBytes(locale: Locale, bytes: number): string {
  const step = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${formatNumber(locale, step < 2 ? Math.round(value) : Math.round(value * 10) / 10)}\u00A0${UNITS[locale][step]}`;
}
