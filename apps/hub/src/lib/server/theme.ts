import type { Cookies } from '@sveltejs/kit';
import { hostCookie } from './hostCookie.ts';

const kept = hostCookie('preau_theme', 'lax', /^(light|dark|auto)$/);
const YEAR_SECONDS = 31_536_000;
export type Theme = 'light' | 'dark' | 'auto';

export function readTheme(cookies: Cookies): Theme {
  const value = kept.read(cookies);
  return value === 'light' || value === 'dark' ? value : 'auto';
}

export function writeTheme(cookies: Cookies, theme: Theme): void {
  kept.write(cookies, theme, YEAR_SECONDS);
}
