import type { Account } from '@preau/contract/platform/accounts';
import type { Cookies } from '@sveltejs/kit';
import { hostCookie } from './hostCookie.ts';

const remembered = hostCookie('preau_organisation', 'lax', /^[0-9a-f-]{36}$/);
const YEAR_SECONDS = 31_536_000;

export type Membership = Account['organisations'][number];

/** The organisation that the portal shows: the one chosen in this browser, or the first. */
export function currentOrganisation(account: Account, cookies: Cookies): Membership | null {
  const chosen = remembered.read(cookies);
  return account.organisations.find(({ id }) => id === chosen) ?? account.organisations[0] ?? null;
}

export function chooseOrganisation(cookies: Cookies, organisationId: string): void {
  remembered.write(cookies, organisationId, YEAR_SECONDS);
}

/** May change platforms, team and identity. */
export const governs = (role: Membership['role']): boolean => role === 'owner' || role === 'administrator';
/** May see what is paid. */
export const pays = (role: Membership['role']): boolean => role !== 'member';
