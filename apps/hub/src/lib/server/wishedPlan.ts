import type { Cookies } from '@sveltejs/kit';
import { hostCookie } from './hostCookie.ts';

const PLAN = /^[\w-]{1,40}$/;
const remembered = hostCookie('preau_plan', 'lax', PLAN);
const DAY_SECONDS = 86_400;

/** Remembers the plan chosen on the pricing page over the sign-up and its mail. */
export function wishForPlan(cookies: Cookies, code: string | null): void {
  if (!code || !PLAN.test(code)) return;
  remembered.write(cookies, code, DAY_SECONDS);
}

/** The code of that plan; whether it exists is for who has the list. */
export function wishedPlan(cookies: Cookies): string | undefined {
  return remembered.read(cookies);
}
