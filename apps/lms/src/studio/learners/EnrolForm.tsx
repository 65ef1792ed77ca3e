'use client';

import { useTranslations } from 'next-intl';
import { TextArea } from '@/components/ui/Field';
import { Form, useForm } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { type EnrolState, enrolPeople } from './actions';

/** Enrols a list of addresses; a dry run first says what would happen. */
export function EnrolForm({ courseId, referenceLabel }: { courseId: string; referenceLabel: string }) {
  const t = useTranslations('learners');
  return (
    <Form id="enrol" action={enrolPeople} referenceLabel={referenceLabel} className="space-y-4">
      <input type="hidden" name="courseId" value={courseId} />
      <TextArea name="emails" label={t('emails')} rows={4} required autoComplete="off" spellCheck={false} />
      <Outcomes />
      <p className="flex flex-wrap gap-2">
        <SubmitButton>{t('submit')}</SubmitButton>
        <SubmitButton variant="secondary" name="mode" value="check">
          {t('check')}
        </SubmitButton>
      </p>
    </Form>
  );
}

function Outcomes() {
  const { outcomes } = useForm().state as EnrolState;
  if (!outcomes) return null;
  return (
    <ul className="divide-y divide-line rounded-lg border border-line text-sm">
      {outcomes.map(({ email, outcome }) => (
        <li key={email} className="flex flex-wrap justify-between gap-x-4 px-3 py-2">
          <span className="break-all">{email}</span>
          <span className="text-ink-soft">{outcome}</span>
        </li>
      ))}
    </ul>
  );
}
