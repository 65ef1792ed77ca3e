import type { Locale } from '@preau/contract';
import { PREAU_PUBLIC_URL } from '$app/env/private';

/** The public status page, which does not depend on this process. */
export function statusUrl(locale: Locale): string {
  const { protocol, host } = new URL(PREAU_PUBLIC_URL);
  return `${protocol}//status.${host}${locale === 'en' ? '/en' : '/'}`;
}
