import { redirect } from '@sveltejs/kit';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields, refusalOf } from '#lib/server/form.ts';
import { requireAccount } from '#lib/server/portal.ts';
import type { Actions, PageServerLoad } from './$types.js';

/** Asks to confirm, which mail scanners that follow links never do. */
export const load: PageServerLoad = async (event) => {
  event.setHeaders({ 'referrer-policy': 'no-referrer' });
  await requireAccount(event);
  return { token: event.url.searchParams.get('token') ?? '' };
};

export const actions: Actions = {
  default: async (event) => {
    await requireAccount(event);
    const { token } = await readFields(event.request, ['token']);
    try {
      await event.locals.api.confirmAccountEmail({ body: { token } });
    } catch (error) {
      return refusalOf(error, {});
    }
    redirect(303, `${localizeHref('/account/profile')}?addressed`);
  },
};
