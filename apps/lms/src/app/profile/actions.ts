'use server';

import { refresh } from 'next/cache';
import type { FormState } from '@/components/ui/formState';
import { translate } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { forgetPerson } from '@/server/person';
import { keepPreference, keepToken } from '@/server/session';
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
  const state = await submit(form, async () => {
    const { call, t } = await visit();
    const current = form.has('current') ? text(form, 'current') : null;
    const body = { current, next: text(form, 'next') };
    await keepToken(await backend().changeMyPassword({ ...call, body }));
    if (call.session) forgetPerson(call.session);
    refresh();
    return { notice: t('profile.changed') };
  });
  return { ...state, values: undefined };
}
