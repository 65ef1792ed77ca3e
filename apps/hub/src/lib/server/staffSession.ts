import type { Cookies } from '@sveltejs/kit';
import { PREAU_PUBLIC_URL } from '$app/env/private';

const COOKIE = 'preau_staff';

/** Strict: no link from elsewhere ever arrives with the rights of staff. */
const attributes = {
  path: '/',
  httpOnly: true,
  sameSite: 'strict',
  secure: PREAU_PUBLIC_URL.startsWith('https:'),
} as const;

export function readStaffSession(cookies: Cookies): string | undefined {
  const token = cookies.get(COOKIE);
  return token && /^[\w.-]{20,200}$/.test(token) ? token : undefined;
}

/** @param expiresAt RFC 3339, as the backend gave it */
export function writeStaffSession(cookies: Cookies, token: string, expiresAt: string): void {
  cookies.set(COOKIE, token, { ...attributes, expires: new Date(expiresAt) });
}

export function forgetStaffSession(cookies: Cookies): void {
  cookies.delete(COOKIE, attributes);
}
