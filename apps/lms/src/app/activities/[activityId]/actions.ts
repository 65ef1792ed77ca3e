'use server';

import { redirect } from 'next/navigation';
import { answersOf } from '@/components/quiz/answers';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { visit } from '@/server/visit';

export async function startQuiz(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    const activityId = text(form, 'activity');
    const attempt = await backend().startAttempt({ ...call, params: { activityId } });
    redirect(`/activities/${activityId}/attempts/${attempt.id}`);
  });
}

export async function submitQuiz(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    const attemptId = text(form, 'attempt');
    await backend().submitAttempt({ ...call, params: { attemptId }, body: { answers: answersOf(form) } });
    redirect(`/activities/${encodeURIComponent(text(form, 'activity'))}/attempts/${attemptId}`);
  });
}
