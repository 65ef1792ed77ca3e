import { redirect } from '@sveltejs/kit';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields, refusalOf } from '#lib/server/form.ts';
import { chooseOrganisation } from '#lib/server/organisation.ts';
import type { Actions, PageServerLoad } from './$types.js';

/** Opened from a mail: nothing is accepted by looking at it. */
export const load: PageServerLoad = async ({ locals, url, setHeaders }) => {
  // The token is in the address: it must not travel on in a Referer.
  setHeaders({ 'cache-control': 'private, no-store' });
  const token = url.searchParams.get('token') ?? '';
  const account = await locals.account();
  return {
    token: /^[\w.-]{20,200}$/.test(token) ? token : null,
    email: account?.email ?? null,
    next: encodeURIComponent(url.pathname + url.search),
  };
};

export const actions: Actions = {
  default: async ({ request, locals, cookies }) => {
    const { token } = await readFields(request, ['token']);
    try {
      const organisation = await locals.api.acceptMemberInvitation({ body: { token } });
      chooseOrganisation(cookies, organisation.id);
    } catch (error) {
      return refusalOf(error, {});
    }
    redirect(303, localizeHref('/account'));
  },
};
