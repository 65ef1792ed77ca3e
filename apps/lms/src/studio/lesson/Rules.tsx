'use client';

import type { StudioActivity, StudioCourse } from '@preau/contract/tenant/studio';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Field, Select } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { saveRules } from './actions';

interface Props {
  activity: StudioActivity;
  modules: StudioCourse['modules'];
  referenceLabel: string;
}

const simple = ['always', 'previous', 'completed', 'moduleCompleted', 'score', 'after'] as const;
const words = {
  always: 'availabilityAlways',
  previous: 'availabilityPrevious',
  completed: 'availabilityCompleted',
  moduleCompleted: 'availabilityModule',
  score: 'availabilityScore',
  after: 'availabilityAfter',
} as const;
const completionWords = {
  viewed: 'completionViewed',
  marked: 'completionMarked',
  passed: 'completionPassed',
  submitted: 'completionSubmitted',
} as const;

/** `2026-11-24T09:30` in the browser's own time zone, as its date field wants it. */
function localTime(instant: string): string {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** Title, duration, and the two rules of an activity: when it opens, when it counts as done. */
export function Rules({ activity, modules, referenceLabel }: Props) {
  const t = useTranslations('activity');
  const rule = activity.availability;
  const known = simple.find((one) => one === rule.kind);
  const [kind, setKind] = useState<string>(known ?? 'other');
  const others = modules.flatMap((module) => module.activities).filter(({ id }) => id !== activity.id);
  const lineage = 'lineage' in rule ? rule.lineage : undefined;
  return (
    <Form id="rules" action={saveRules} referenceLabel={referenceLabel} className="space-y-5">
      <input type="hidden" name="activityId" value={activity.id} />
      <Field name="title" label={t('title')} defaultValue={activity.title} maxLength={200} required />
      <Field
        name="minutes"
        type="number"
        min={0}
        max={10_000}
        label={t('minutes')}
        defaultValue={activity.minutes}
      />
      <Select name="completion" label={t('completion')} defaultValue={activity.completion.kind}>
        {(activity.type === 'quiz'
          ? (['passed', 'submitted'] as const)
          : (['viewed', 'marked'] as const)
        ).map((one) => (
          <option key={one} value={one}>
            {t(activity.type === 'package' && one === 'viewed' ? 'completionOpened' : completionWords[one])}
          </option>
        ))}
      </Select>
      <Select
        name="availability"
        label={t('availability')}
        defaultValue={kind}
        onChange={(event) => setKind(event.target.value)}
      >
        {simple.map((one) => (
          <option key={one} value={one}>
            {t(words[one])}
          </option>
        ))}
        {!known && <option value="other">{t('availabilityOther')}</option>}
      </Select>
      {kind === 'completed' && (
        <Select name="which" label={t('which')} defaultValue={lineage}>
          {others.map((one) => (
            <option key={one.lineage} value={one.lineage}>
              {one.title}
            </option>
          ))}
        </Select>
      )}
      {kind === 'moduleCompleted' && (
        <Select name="whichModule" label={t('which')} defaultValue={lineage}>
          {modules
            .filter((module) => !module.activities.some(({ id }) => id === activity.id))
            .map((module) => (
              <option key={module.lineage} value={module.lineage}>
                {module.title}
              </option>
            ))}
        </Select>
      )}
      {kind === 'score' && (
        <>
          <Select name="whichQuiz" label={t('which')} defaultValue={lineage}>
            {others
              .filter(({ type }) => type === 'quiz')
              .map((one) => (
                <option key={one.lineage} value={one.lineage}>
                  {one.title}
                </option>
              ))}
          </Select>
          <Field
            name="percent"
            type="number"
            min={0}
            max={100}
            label={t('percent')}
            defaultValue={rule.kind === 'score' ? rule.percent : 70}
          />
        </>
      )}
      {kind === 'after' && (
        <Field
          name="at"
          type="datetime-local"
          label={t('at')}
          defaultValue={rule.kind === 'after' ? localTime(rule.at) : undefined}
          required
        />
      )}
      <SubmitButton variant="secondary">{t('saveRules')}</SubmitButton>
    </Form>
  );
}
