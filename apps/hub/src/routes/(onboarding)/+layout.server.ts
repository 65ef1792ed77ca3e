import { redirect } from '@sveltejs/kit';
import { localizeHref } from '#lib/paraglide/runtime.js';
import type { LayoutServerLoad } from './$types.js';

/** Everything here belongs to somebody: the guard of the whole group. */
export const load: LayoutServerLoad = async ({ locals, url }) => {
  const account = await locals.account();
  if (!account)
    redirect(303, `${localizeHref('/sign-in')}?next=${encodeURIComponent(url.pathname + url.search)}`);
  return { account };
};
