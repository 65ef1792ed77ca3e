import { type Locale, operations } from '@preau/contract';
import { redirect } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { localizeHref } from '#lib/paraglide/runtime.js';
import { nothingRefused, readFields, refusalOf, refuse } from '#lib/server/form.ts';
import { requireAccount } from '#lib/server/portal.ts';
import type { Actions, PageServerLoad } from './$types.js';

export const load: PageServerLoad = async (event) => {
  await requireAccount(event);
  const { searchParams } = event.url;
  return { saved: searchParams.has('saved'), addressed: searchParams.has('addressed') };
};

export const actions: Actions = {
  identity: async (event) => {
    await requireAccount(event);
    const typed = await readFields(event.request, ['name', 'locale']);
    const values = { ...typed, email: '' };
    if (!typed.name.trim()) return refuse(values, { name: m.required_field() });
    const locale: Locale = typed.locale === 'en' ? 'en' : 'fr';
    try {
      await event.locals.api.updateAccount({ body: { name: typed.name, locale } });
    } catch (error) {
      return refusalOf(error, values);
    }
    // In the language that was just chosen.
    redirect(303, `${localizeHref('/account/profile', { locale })}?saved`);
  },
  email: async (event) => {
    await requireAccount(event);
    const { email } = await readFields(event.request, ['email']);
    const values = { name: '', locale: '', email };
    if (!operations.requestAccountEmail.body.safeParse({ email }).success)
      return refuse(values, { email: m.portal_email_invalid() });
    try {
      await event.locals.api.requestAccountEmail({ body: { email } });
    } catch (error) {
      return refusalOf(error, values);
    }
    return {
      ...nothingRefused({ ...values, email: '' }),
      done: m.portal_email_sent({ email: email.trim() }),
    };
  },
};
