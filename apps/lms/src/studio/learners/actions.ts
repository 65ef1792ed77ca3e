'use server';

import { refresh } from 'next/cache';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { visit } from '@/server/visit';

export interface EnrolState extends FormState {
  dryRun?: boolean;
  outcomes?: { email: string; outcome: string }[];
}

const addresses = (value: string) => [...new Set(value.split(/[\s,;]+/).filter(Boolean))];

export async function enrolPeople(_: EnrolState, form: FormData): Promise<EnrolState> {
  return submit(form, async (): Promise<EnrolState> => {
    const { call, t } = await visit();
    const dryRun = text(form, 'mode') === 'check';
    const { items } = await backend().enrolPeople({
      ...call,
      params: { courseId: text(form, 'courseId') },
      body: { emails: addresses(text(form, 'emails')), dryRun },
    });
    if (!dryRun) refresh();
    return {
      notice: dryRun ? t('learners.dryRun') : t('learners.done'),
      dryRun,
      outcomes: items.map(({ email, outcome }) => ({ email, outcome: t(`learners.outcome.${outcome}`) })),
      values: dryRun ? { emails: text(form, 'emails') } : undefined,
    };
  });
}

export async function endEnrolment(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    await backend().endEnrolment({ ...call, params: { enrolmentId: text(form, 'enrolmentId') } });
    refresh();
    return { notice: t('learners.ended') };
  });
}
