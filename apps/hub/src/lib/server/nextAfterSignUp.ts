import type { Cookies } from '@sveltejs/kit';
import { PREAU_PUBLIC_URL } from '$app/env/private';
import { safeNext } from './next.ts';

const COOKIE = 'preau_next';
const DAY_SECONDS = 86_400;

/** Remembers over the sign-up and its mail where somebody was going, an invitation say. */
export function rememberNext(cookies: Cookies, next: string | null): void {
  const path = safeNext(next, '');
  if (!path) return;
  cookies.set(COOKIE, path, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: PREAU_PUBLIC_URL.startsWith('https:'),
    maxAge: DAY_SECONDS,
  });
}

/** Where they were going, once; the fallback where nothing is remembered. */
export function takeNext(cookies: Cookies, fallback: string): string {
  const path = safeNext(cookies.get(COOKIE), fallback);
  cookies.delete(COOKIE, { path: '/' });
  return path;
}
