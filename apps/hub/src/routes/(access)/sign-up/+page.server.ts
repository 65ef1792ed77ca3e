import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { safeNext } from '#lib/server/next.ts';
import { rememberNext } from '#lib/server/nextAfterSignUp.ts';
import { wishForPlan } from '#lib/server/wishedPlan.ts';
import type { Actions, PageServerLoad } from './$types.js';

const MINIMUM_PASSWORD_LENGTH = 12;

export const load: PageServerLoad = async ({ locals, url, cookies }) => {
  const next = url.searchParams.get('next');
  wishForPlan(cookies, url.searchParams.get('plan'));
  if (await locals.account()) redirect(303, safeNext(next, localizeHref('/start')));
  rememberNext(cookies, next);
};

export const actions: Actions = {
  default: async ({ request, locals }) => {
    const { name, email, password } = await readFields(request, ['name', 'email', 'password']);
    const values = { name, email };
    const errors: Record<string, string> = {};
    if (!name.trim()) errors.name = m.required_field();
    if (!email.trim()) errors.email = m.required_field();
    if (!password) errors.password = m.required_field();
    else if ([...password].length < MINIMUM_PASSWORD_LENGTH) errors.password = m.password_hint();
    if (Object.keys(errors).length > 0) return refuse(values, errors);
    try {
      await locals.api.signUp({ body: { name, email, password, locale: locals.locale } });
    } catch (error) {
      return refusalOf(error, values);
    }
    redirect(303, `${localizeHref('/verify')}?email=${encodeURIComponent(email.trim())}`);
  },
};
