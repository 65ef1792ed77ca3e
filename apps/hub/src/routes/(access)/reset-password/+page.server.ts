import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { writeSession } from '#lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = ({ url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'no-referrer' });
  return { token: url.searchParams.get('token') ?? '' };
};

export const actions: Actions = {
  default: async ({ request, locals, cookies }) => {
    const { token, password } = await readFields(request, ['token', 'password']);
    if (!password) return refuse({}, { password: m.required_field() });
    try {
      const session = await locals.api.resetAccountPassword({ body: { token, password } });
      writeSession(cookies, session.token, session.expiresAt);
    } catch (error) {
      return refusalOf(error, {});
    }
    redirect(303, localizeHref('/account'));
  },
};
