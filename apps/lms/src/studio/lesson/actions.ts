'use server';

import type { AvailabilityRule, CompletionRule } from '@preau/contract/tenant/content';
import { refresh } from 'next/cache';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { visit } from '@/server/visit';

const completions = ['viewed', 'marked', 'passed', 'submitted'] as const;

function availabilityOf(form: FormData): AvailabilityRule | undefined {
  const which = text(form, 'which');
  switch (text(form, 'availability')) {
    case 'always':
      return { kind: 'always' };
    case 'previous':
      return { kind: 'previous' };
    case 'completed':
      return { kind: 'completed', lineage: which };
    case 'moduleCompleted':
      return { kind: 'moduleCompleted', lineage: text(form, 'whichModule') };
    case 'score':
      return { kind: 'score', lineage: text(form, 'whichQuiz'), percent: Number(text(form, 'percent') || 0) };
    case 'after': {
      const at = new Date(text(form, 'at'));
      return { kind: 'after', at: Number.isNaN(at.getTime()) ? text(form, 'at') : at.toISOString() };
    }
    default:
      return undefined;
  }
}

/** Title, duration and rules of an activity. */
export async function saveRules(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const kind = completions.find((one) => one === text(form, 'completion'));
    const completion: CompletionRule | undefined = kind ? { kind } : undefined;
    await backend().updateActivity({
      ...call,
      params: { activityId: text(form, 'activityId') },
      body: {
        title: text(form, 'title'),
        minutes: Number(text(form, 'minutes') || 0),
        completion,
        availability: availabilityOf(form),
      },
    });
    refresh();
    return { notice: t('studio.saved') };
  });
}
