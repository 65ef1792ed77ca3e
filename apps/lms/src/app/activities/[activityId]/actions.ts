'use server';

import { redirect } from 'next/navigation';
import { answersOf } from '@/components/quiz/answers';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { visit } from '@/server/visit';

/** Completes a lesson and goes to what is open after it: the next activity, the certificate, or the programme. */
export async function completeLesson(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    const activityId = text(form, 'activity');
    const result = await backend().saveProgress({
      ...call,
      params: { activityId },
      body: { completed: true, position: 1 },
    });
    const next = text(form, 'next');
    if (next && (!text(form, 'locked') || result.unlocked.includes(next))) {
      redirect(`/activities/${encodeURIComponent(next)}`);
    }
    if (result.courseCompleted && result.credentialCode) redirect(`/certificates/${result.credentialCode}`);
    redirect(`/courses/${encodeURIComponent(text(form, 'course'))}`);
  });
}

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
