import 'server-only';
import type { CallOptions } from '@preau/contract/client';
import type { Locale } from '@preau/contract/primitives';
import type { Me } from '@preau/contract/tenant/sessions';
import type { Site } from '@preau/contract/tenant/site';
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

/** Headers of the request, the first two as the gateway set them. */
export interface Forwarded {
  forwardedFor: string | undefined;
  /** Under it everything that the request causes is logged. */
  requestId: string | undefined;
  /** For pages where somebody may sign in. */
  userAgent?: string | undefined;
}

const sessionPattern = /^[\w.-]{20,200}$/;
const devicePattern = /^[\w.~-]{1,1200}$/;

/**
 * Who asks, for which site, in which language.
 * @param cookie the value of a cookie of the request
 */
export async function visitOf(
  cookie: (name: string) => string | undefined,
  { forwardedFor, requestId, userAgent }: Forwarded,
): Promise<Visit> {
  const sent = cookie('session');
  const session = sent && sessionPattern.test(sent) ? sent : undefined;
  const [site, user] = await Promise.all([
    currentSite(),
    // While the backend is away the page itself says so; the shell is then drawn for a visitor.
    session ? personOf(session).catch(() => null) : null,
  ]);
  // Staff have no language of their own on a customer's platform.
  const chosen = user?.support ? undefined : user?.locale;
  const locale = chosen ?? asLocale(cookie('locale')) ?? site.locale;
  const theme = cookie('theme');
  const known = cookie('device');
  const device = known && devicePattern.test(known) ? known : undefined;
  const clientAddress = forwardedFor?.split(',')[0]?.trim();
  return {
    site,
    user,
    locale,
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    t: translate(locale),
    call: { session, locale, requestId, clientAddress, userAgent, device },
  };
}

export function asLocale(text: string | undefined): Locale | undefined {
  return text === 'fr' || text === 'en' ? text : undefined;
}
