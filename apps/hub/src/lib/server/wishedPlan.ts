import type { Cookies } from '@sveltejs/kit';
import { PREAU_PUBLIC_URL } from '$app/env/private';

const COOKIE = 'preau_plan';
const DAY_SECONDS = 86_400;

/** Remembers the plan chosen on the pricing page over the sign-up and its mail. */
export function wishForPlan(cookies: Cookies, code: string | null): void {
  if (!code || !/^[\w-]{1,40}$/.test(code)) return;
  cookies.set(COOKIE, code, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: PREAU_PUBLIC_URL.startsWith('https:'),
    maxAge: DAY_SECONDS,
  });
}

/** The code of that plan; whether it exists is for who has the list. */
export function wishedPlan(cookies: Cookies): string | undefined {
  return cookies.get(COOKIE);
}
