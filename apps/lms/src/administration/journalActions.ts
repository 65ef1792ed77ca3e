'use server';

import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit } from '@/server/form';
import { visit } from '@/server/visit';

export async function verifyJournal(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call, t } = await visit();
    const { breach, entries } = await backend().verifyJournal(call);
    if (!breach) return { notice: t('journal.intact', { count: entries }) };
    const detail = t('journal.broken', { seq: breach.seq, reason: t(`journal.reasons.${breach.reason}`) });
    return { problem: { detail, name: 'journal-broken', reference: '' } };
  });
}
