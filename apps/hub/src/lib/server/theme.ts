import type { Cookies } from '@sveltejs/kit';

const COOKIE = 'preau_theme';
const YEAR_SECONDS = 31_536_000;
export type Theme = 'light' | 'dark' | 'auto';

export function readTheme(cookies: Cookies): Theme {
  const value = cookies.get(COOKIE);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

export function writeTheme(cookies: Cookies, theme: Theme): void {
  cookies.set(COOKIE, theme, { path: '/', maxAge: YEAR_SECONDS, sameSite: 'lax', secure: false });
}
