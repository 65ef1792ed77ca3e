'use server';

import { supportScope } from '@preau/contract/tenant/support';
import { refresh } from 'next/cache';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { visit } from '@/server/visit';

const termsOf = (form: FormData) => ({
  scope: supportScope.catch('settings').parse(text(form, 'scope')),
  hours: Number(text(form, 'hours')),
  exports: form.has('exports'),
});

export async function grantSupport(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    await backend().grantSupportAccess({ ...call, body: { ...termsOf(form), reason: text(form, 'reason') } });
    refresh();
    return { notice: t('support.granted') };
  });
}

export async function answerSupport(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const grants = text(form, 'decision') === 'grant';
    const asked = { ...call, params: { accessId: text(form, 'accessId') } };
    if (grants)
      await backend().answerSupportRequest({ ...asked, body: { decision: 'grant', ...termsOf(form) } });
    else await backend().answerSupportRequest({ ...asked, body: { decision: 'refuse' } });
    refresh();
    return { notice: t(grants ? 'support.granted' : 'support.refused') };
  });
}

export async function revokeSupport(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    await backend().revokeSupportAccess({ ...call, params: { accessId: text(form, 'accessId') } });
    refresh();
    return { notice: t('support.revoked') };
  });
}
