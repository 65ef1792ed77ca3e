'use server';

import { redirect } from 'next/navigation';
import type { FormState } from '@/components/ui/formState';
import { backend } from '@/server/backend';
import { submit, text } from '@/server/form';
import { visit } from '@/server/visit';

export async function enrol(_: FormState, form: FormData): Promise<FormState> {
  return submit(form, async () => {
    const { call } = await visit();
    const slug = text(form, 'slug');
    await backend().enrolMyself({ ...call, params: { slug } });
    redirect(`/courses/${encodeURIComponent(slug)}`);
  });
}
