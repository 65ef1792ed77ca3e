'use server';

import { refresh } from 'next/cache';
import type { FormState } from '@/components/ui/formState';
import { translate } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { forgetPerson } from '@/server/person';
import { keepPreference } from '@/server/session';
import { asLocale, visit } from '@/server/visit';

export async function saveProfile(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    const me = await backend().updateMe({
      ...call,
      body: { name: text(form, 'name'), locale: asLocale(text(form, 'locale')) },
    });
    if (call.session) forgetPerson(call.session);
    await keepPreference('locale', me.locale);
    refresh();
    return { notice: translate(me.locale)('profile.saved') };
  });
}

export async function changePassword(_: FormState, form: FormData): Promise<FormState> {
  return renamed(
    await submit(form, async () => {
      const { call, t } = await visit();
      const password = {
        current: form.has('current') ? text(form, 'current') : null,
        next: text(form, 'next'),
      };
      await backend().updateMe({ ...call, body: { password } });
      if (call.session) forgetPerson(call.session);
      refresh();
      return { notice: t('profile.changed') };
    }),
  );
}

/** The API names the fields `password.current` and `password.next`; the form, `current` and `next`. */
function renamed(state: FormState): FormState {
  const errors = Object.entries(state.errors ?? {}).map(([path, message]) => [
    path.replace(/^password\./, ''),
    message,
  ]);
  return { ...state, values: undefined, errors: Object.fromEntries(errors) };
}
