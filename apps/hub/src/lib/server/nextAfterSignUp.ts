import type { Cookies } from '@sveltejs/kit';
import { hostCookie } from './hostCookie.ts';
import { safeNext } from './next.ts';

const remembered = hostCookie('preau_next', 'lax', /^\/.{0,2000}$/);
const DAY_SECONDS = 86_400;

/** Remembers over the sign-up and its mail where somebody was going, an invitation say. */
export function rememberNext(cookies: Cookies, next: string | null): void {
  const path = safeNext(next, '');
  if (!path) return;
  remembered.write(cookies, path, DAY_SECONDS);
}

/** Where they were going, once; the fallback where nothing is remembered. */
export function takeNext(cookies: Cookies, fallback: string): string {
  const path = safeNext(remembered.read(cookies), fallback);
  remembered.forget(cookies);
  return path;
}
