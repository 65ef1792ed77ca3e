import type { Account } from '@preau/contract/platform/accounts';
import type { Cookies } from '@sveltejs/kit';
import { PREAU_PUBLIC_URL } from '$app/env/private';

const COOKIE = 'preau_organisation';
const YEAR_SECONDS = 31_536_000;

export type Membership = Account['organisations'][number];

/** The organisation that the portal shows: the one chosen in this browser, or the first. */
export function currentOrganisation(account: Account, cookies: Cookies): Membership | null {
  const chosen = cookies.get(COOKIE);
  return account.organisations.find(({ id }) => id === chosen) ?? account.organisations[0] ?? null;
}

export function chooseOrganisation(cookies: Cookies, organisationId: string): void {
  cookies.set(COOKIE, organisationId, {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: PREAU_PUBLIC_URL.startsWith('https:'),
    maxAge: YEAR_SECONDS,
  });
}

/** May change platforms, team and identity. */
export const governs = (role: Membership['role']): boolean => role === 'owner' || role === 'administrator';
/** May see what is paid. */
export const pays = (role: Membership['role']): boolean => role !== 'member';
