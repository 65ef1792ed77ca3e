import type { Cookies } from '@sveltejs/kit';
import { PREAU_PUBLIC_URL } from '$app/env/private';

const COOKIE = 'preau_session';

/** Host-only, so that no platform on a subdomain ever sees it. */
const attributes = {
  path: '/',
  httpOnly: true,
  sameSite: 'lax',
  secure: PREAU_PUBLIC_URL.startsWith('https:'),
} as const;

export function readSession(cookies: Cookies): string | undefined {
  const token = cookies.get(COOKIE);
  return token && /^[\w.-]{20,200}$/.test(token) ? token : undefined;
}

/** @param expiresAt RFC 3339, as the backend gave it */
export function writeSession(cookies: Cookies, token: string, expiresAt: string): void {
  cookies.set(COOKIE, token, { ...attributes, expires: new Date(expiresAt) });
}

export function forgetSession(cookies: Cookies): void {
  cookies.delete(COOKIE, attributes);
}
