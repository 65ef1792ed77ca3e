import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { nothingRefused, readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { secondFactor, secondStep } from '#lib/server/secondFactor.ts';
import { writeSession } from '#lib/server/session.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = ({ url, setHeaders }) => {
  setHeaders({ 'referrer-policy': 'no-referrer' });
  return { token: url.searchParams.get('token') ?? '' };
};

export const actions: Actions = {
  password: async ({ request, locals, cookies }) => {
    const { token, password } = await readFields(request, ['token', 'password']);
    if (!password) return refuse({}, { password: m.required_field() });
    try {
      const answer = await locals.api.resetAccountPassword({ body: { token, password } });
      // The password is set; the second factor is asked for as at any sign-in.
      if (answer.kind === 'challenge') return { ...nothingRefused({}), second: secondStep(answer) };
      writeSession(cookies, answer);
    } catch (error) {
      return refusalOf(error, {});
    }
    redirect(303, localizeHref('/account'));
  },
  ...secondFactor,
};
