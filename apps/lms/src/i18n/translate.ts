import type { Locale } from '@preau/contract/primitives';
import { createTranslator } from 'next-intl';
import enAdministration from '../../messages/administration.en.json';
import frAdministration from '../../messages/administration.fr.json';
import enPages from '../../messages/en.json';
import frPages from '../../messages/fr.json';
import enStudio from '../../messages/studio.en.json';
import frStudio from '../../messages/studio.fr.json';
import { fillPlain, readPlain } from './plain';

const fr = { ...frPages, ...frStudio, ...frAdministration };
const en = { ...enPages, ...enStudio, ...enAdministration } as typeof fr;

/*
 * Made once per process rather than once per request (as `getTranslations` would): messages belong to the
 * build, not to a tenant or a person, and parsing them costs more than rendering most pages.
 */
const translators = {
  fr: quick(createTranslator({ locale: 'fr', messages: fr })),
  en: quick(createTranslator({ locale: 'en', messages: en })),
};

export type Translate = (typeof translators)['fr'];

export const translate = (locale: Locale): Translate => translators[locale];

/** The translator with a short way for the messages that only put values into places, see plain.ts. */
function quick<T extends ((key: never, values?: never) => string) & { raw(key: never): unknown }>(
  translator: T,
): T {
  const known = new Map<string, string[] | null>();
  function translated(key: string, values?: Record<string, unknown>): string {
    let pieces = known.get(key);
    if (pieces === undefined) {
      const message = translator.raw(key as never);
      pieces = typeof message === 'string' ? readPlain(message) : null;
      known.set(key, pieces);
    }
    if (!pieces) return translator(key as never, values as never);
    return pieces.length === 1 ? (pieces[0] ?? '') : fillPlain(pieces, values ?? {});
  }
  return Object.assign(translated as unknown as T, translator);
}

/** The messages of some areas, for `NextIntlClientProvider` around a client-side part of the studio. */
export function messagesOf<Area extends keyof typeof fr>(
  locale: Locale,
  areas: Area[],
): Pick<typeof fr, Area> {
  const all = locale === 'fr' ? fr : en;
  return Object.fromEntries(areas.map((area) => [area, all[area]])) as Pick<typeof fr, Area>;
}
