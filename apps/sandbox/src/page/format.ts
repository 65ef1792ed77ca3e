import type { Language } from './words.ts';

const locale = (language: Language) => (language === 'fr' ? 'fr-FR' : 'en-GB');
const PARIS = 'Europe/Paris';

export const day = (date: Date, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), { dateStyle: 'long', timeZone: PARIS }).format(date);

/** For tables: 24 nov. 2026. */
export const shortDay = (date: Date, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), { dateStyle: 'medium', timeZone: PARIS }).format(date);

export const dayAndTime = (date: Date, language: Language): string =>
  new Intl.DateTimeFormat(locale(language), {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: PARIS,
  }).format(date);

export const countryName = (code: string, language: Language): string =>
  new Intl.DisplayNames([locale(language)], { type: 'region' }).of(code) ?? code;

/** As people read them: 4242 4242 4242 4242. */
export const inFours = (digits: string): string => digits.replaceAll(/(\d{4})(?=\d)/g, '$1 ');

/** As people read it: 552 100 554. */
export const inThrees = (siren: string): string => siren.replaceAll(/(\d{3})(?=\d)/g, '$1 ');
