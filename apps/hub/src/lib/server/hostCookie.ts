import type { Cookies } from '@sveltejs/kit';
import { PREAU_PUBLIC_URL } from '$app/env/private';

const secure = PREAU_PUBLIC_URL.startsWith('https:');

/**
 * A cookie of this host alone, which no page's script reads. With https its name begins with `__Host-`: then no
 * platform on a subdomain can plant one of the same name (RFC 6265bis, 4.1.3.2).
 */
export function hostCookie(plainName: string, sameSite: 'lax' | 'strict', pattern: RegExp) {
  const name = secure ? `__Host-${plainName}` : plainName;
  const attributes = { path: '/', httpOnly: true, sameSite, secure } as const;
  return {
    read(cookies: Cookies): string | undefined {
      const value = cookies.get(name);
      return value && pattern.test(value) ? value : undefined;
    },
    /** @param until its end, or its seconds from now */
    write(cookies: Cookies, value: string, until: Date | number): void {
      const end = typeof until === 'number' ? { maxAge: until } : { expires: until };
      cookies.set(name, value, { ...attributes, ...end });
    },
    forget(cookies: Cookies): void {
      cookies.delete(name, attributes);
    },
  };
}
