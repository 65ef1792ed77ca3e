import type { Locale } from '@preau/contract';

/** We invoice in France: every date on the hub is in its time, on the server and in the browser alike. */
const TIME_ZONE = 'Europe/Paris';

/** A date and time as people read them: `24 nov. 2026, 03:15`. */
export function formatInstant(instant: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: TIME_ZONE,
  }).format(new Date(instant));
}

/** A date as people read it: `24 nov. 2026`. */
export function formatDay(instant: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'medium',
    timeZone: TIME_ZONE,
  }).format(new Date(instant));
}

/** A time of day as people read it: `03:15`. */
export function formatTime(instant: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    timeStyle: 'short',
    timeZone: TIME_ZONE,
  }).format(new Date(instant));
}
