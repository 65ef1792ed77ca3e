import type { Account } from '@preau/contract/platform/accounts';
import { type Cookies, redirect } from '@sveltejs/kit';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { currentOrganisation, type Membership } from './organisation.ts';

type Visit = { locals: App.Locals; url: URL; cookies: Cookies };

/** Who is signed in and for which organisation; whoever is not signed in is sent to do so and comes back. */
export async function requireAccount({
  locals,
  url,
  cookies,
}: Visit): Promise<{ account: Account; organisation: Membership | null }> {
  const account = await locals.account();
  if (!account) {
    redirect(303, `${localizeHref('/sign-in')}?next=${encodeURIComponent(url.pathname + url.search)}`);
  }
  return { account, organisation: currentOrganisation(account, cookies) };
}

/** The same where the page is about an organisation; without one the portal's first page says how to begin. */
export async function requireOrganisation(visit: Visit): Promise<Membership> {
  const { organisation } = await requireAccount(visit);
  if (!organisation) redirect(303, localizeHref('/account'));
  if (organisation.lacksFactor) redirect(303, `${localizeHref('/account/security')}?needed`);
  return organisation;
}
