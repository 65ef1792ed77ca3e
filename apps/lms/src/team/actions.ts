'use server';

import { refresh } from 'next/cache';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { visit } from '@/server/visit';

/** The end of a day in Paris, winter or summer: 22:59 or 23:59. */
const endOf = (day: string) => (day === '' ? null : `${day}T21:59:59Z`);

export async function enrolTeam(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const userIds = form.getAll('userIds').filter((one) => typeof one === 'string');
    if (userIds.length === 0) return { errors: { userIds: t('team.chooseSomebody') } };
    const { enrolled, already } = await backend().enrolTeam({
      ...call,
      body: { courseId: text(form, 'courseId'), userIds, dueAt: endOf(text(form, 'dueAt')) },
    });
    refresh();
    return { notice: t('team.done', { enrolled, already }) };
  });
}
