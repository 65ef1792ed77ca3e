import 'server-only';
import type { CallOptions } from '@preau/contract/client';
import type { Locale } from '@preau/contract/primitives';
import type { Me } from '@preau/contract/tenant/sessions';
import type { Site } from '@preau/contract/tenant/site';
import { cookies, headers } from 'next/headers';
import { cache } from 'react';
import { type Translate, translate } from '@/i18n/translate';
import { personOf } from './person';
import { currentSite } from './site';

export type Theme = 'system' | 'light' | 'dark';

/** What every page and action needs to know of the request it answers. */
export interface Visit {
  site: Site;
  user: Me | null;
  locale: Locale;
  theme: Theme;
  t: Translate;
  /** Spread into every call of the backend: who asks, in which language, from where. */
  call: CallOptions;
}

const sessionPattern = /^[\w.-]{20,200}$/;

export const visit = cache(async (): Promise<Visit> => {
  const [jar, head] = await Promise.all([cookies(), headers()]);
  const cookie = jar.get('session')?.value;
  const session = cookie && sessionPattern.test(cookie) ? cookie : undefined;
  const [site, user] = await Promise.all([
    currentSite(),
    // While the backend is away the page itself says so; the shell is then drawn for a visitor.
    session ? personOf(session).catch(() => null) : null,
  ]);
  const locale = user?.locale ?? asLocale(jar.get('locale')?.value) ?? site.locale;
  const theme = jar.get('theme')?.value;
  const clientAddress = head.get('x-forwarded-for')?.split(',')[0]?.trim();
  return {
    site,
    user,
    locale,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    t: translate(locale),
    call: { session, locale, clientAddress },
  };
});

export function asLocale(text: string | undefined): Locale | undefined {
  return text === 'fr' || text === 'en' ? text : undefined;
}
