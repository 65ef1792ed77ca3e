import type { Locale } from '@preau/contract';

/** We invoice in France: every date on the hub is in its time, on the server and in the browser alike. */
const TIME_ZONE = 'Europe/Paris';
const DAY_MS = 86_400_000;

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

/** A date and time to the second: `24 nov. 2026, 03:15:20`. */
export function formatMoment(instant: string, locale: Locale): string {
  return new Intl.DateTimeFormat(locale === 'fr' ? 'fr-FR' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: TIME_ZONE,
  }).format(new Date(instant));
}

const clock = new Intl.DateTimeFormat('sv-SE', {
  dateStyle: 'short',
  timeStyle: 'medium',
  timeZone: TIME_ZONE,
});

/** What a field of the kind `datetime-local` shows for an instant: `2026-11-24T03:15:20`. */
export const toClock = (instant: number | string): string =>
  clock.format(new Date(instant)).replace(' ', 'T');

/**
 * The instant that somebody means who typed a date and a time. Of an hour that comes twice, the first.
 * @returns null where what was typed is no time
 */
export function fromClock(typed: string): string | null {
  const read = Date.parse(`${typed}Z`);
  if (Number.isNaN(read)) return null;
  const ahead = (at: number) => Date.parse(`${toClock(at)}Z`) - at;
  const [first, second] = [read - ahead(read - DAY_MS), read - ahead(read + DAY_MS)];
  return new Date(Date.parse(`${toClock(first)}Z`) === read ? first : second).toISOString();
}
