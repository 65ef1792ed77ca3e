import type { Locale } from '@preau/contract/primitives';
import { createTranslator } from 'next-intl';
import enPages from '../../messages/en.json';
import frPages from '../../messages/fr.json';
import enStudio from '../../messages/studio.en.json';
import frStudio from '../../messages/studio.fr.json';

const fr = { ...frPages, ...frStudio };
const en = { ...enPages, ...enStudio } as typeof fr;

/*
 * Made once per process rather than once per request (as `getTranslations` would): messages belong to the
 * build, not to a tenant or a person, and parsing them costs more than rendering most pages.
 */
const translators = {
  fr: createTranslator({ locale: 'fr', messages: fr }),
  en: createTranslator({ locale: 'en', messages: en }),
};

export type Translate = (typeof translators)['fr'];

export const translate = (locale: Locale): Translate => translators[locale];

/** The messages of some areas, for `NextIntlClientProvider` around a client-side part of the studio. */
export function messagesOf<Area extends keyof typeof fr>(
  locale: Locale,
  areas: Area[],
): Pick<typeof fr, Area> {
  const all = locale === 'fr' ? fr : en;
  return Object.fromEntries(areas.map((area) => [area, all[area]])) as Pick<typeof fr, Area>;
}
