'use server';

import { redirect } from 'next/navigation';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { isSupportSession } from '@/server/person';
import { enter, keepSession, safeNext } from '@/server/session';
import { visit } from '@/server/visit';

/** These forms are for somebody without a session: a support session that lingers must not be sent along. */
async function stranger() {
  const { call, t, locale } = await visit();
  // A user's is: signing in ends it.
  const session = isSupportSession(call.session) ? undefined : call.session;
  return { call: { ...call, session }, t, locale };
}

export async function signIn(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await stranger();
    const body = { email: text(form, 'email'), password: text(form, 'password') };
    redirect(await enter(await backend().signIn({ ...call, body }), safeNext(text(form, 'next'))));
  });
}

export async function requestSignInLink(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await stranger();
    await backend().requestSignInLink({ ...call, body: { email: text(form, 'email') } });
    return { notice: t('signIn.linkSent'), values: { email: text(form, 'email') } };
  });
}

export async function redeemSignInLink(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await stranger();
    const opened = await backend().redeemSignInLink({ ...call, body: { token: text(form, 'token') } });
    redirect(await enter(opened, safeNext(text(form, 'next'))));
  });
}

export async function requestPasswordReset(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await stranger();
    await backend().requestPasswordReset({ ...call, body: { email: text(form, 'email') } });
    return { notice: t('password.sent'), values: { email: text(form, 'email') } };
  });
}

export async function resetPassword(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await stranger();
    const body = { token: text(form, 'token'), password: text(form, 'password') };
    redirect(await enter(await backend().resetPassword({ ...call, body }), '/'));
  });
}

export async function acceptInvitation(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, locale } = await stranger();
    const body = {
      token: text(form, 'token'),
      name: text(form, 'name'),
      password: text(form, 'password'),
      locale,
    };
    await keepSession(await backend().acceptInvitation({ ...call, body }));
    redirect('/');
  });
}

export async function register(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t, locale } = await stranger();
    const body = {
      email: text(form, 'email'),
      name: text(form, 'name'),
      password: text(form, 'password'),
      locale,
    };
    await backend().register({ ...call, body });
    return { notice: t('register.sent') };
  });
}
