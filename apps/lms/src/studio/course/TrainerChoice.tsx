'use client';

import type { courseTrainers } from '@preau/contract/tenant/trainers';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { z } from 'zod';
import { classes } from '@/components/ui/classes';
import { Form } from '@/components/ui/Form';
import { inputStyle } from '@/components/ui/inputStyle';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { saveTrainers } from './actions';

interface Props {
  courseId: string;
  people: z.infer<typeof courseTrainers>['items'];
  referenceLabel: string;
}

const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

/** Who the trainers of a course are. Whoever does not match the search stays as chosen, and is sent along. */
export function TrainerChoice({ courseId, people, referenceLabel }: Props) {
  const t = useTranslations('trainers');
  const [search, setSearch] = useState('');
  const wanted = plain(search.trim());
  const shown = people.filter(({ name }) => plain(name).includes(wanted)).length;
  return (
    <Form id="trainers" action={saveTrainers} referenceLabel={referenceLabel} className="space-y-4">
      <input type="hidden" name="courseId" value={courseId} />
      <div className="space-y-1.5">
        <label htmlFor="trainer-search" className="block text-sm font-semibold">
          {t('search')}
        </label>
        <input
          id="trainer-search"
          type="search"
          className={classes(inputStyle, 'h-10')}
          maxLength={100}
          autoComplete="off"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && event.preventDefault()}
        />
        <p role="status" className="text-sm text-ink-soft">
          {t('shown', { shown, total: people.length })}
        </p>
      </div>
      <fieldset>
        <legend className="sr-only">{t('title')}</legend>
        <ul className="max-h-80 divide-y divide-line overflow-y-auto rounded-lg border border-line">
          {people.map(({ id, name, trainer, assignable }) => (
            <li key={id} hidden={!plain(name).includes(wanted)}>
              <label className="flex items-center gap-3 px-4 py-2.5 has-checked:bg-brand-soft">
                <input
                  type="checkbox"
                  name="trainer"
                  value={id}
                  defaultChecked={trainer}
                  disabled={!assignable}
                  className="size-4.5 shrink-0 accent-brand"
                />
                <span className="min-w-0 break-words">
                  {name}
                  {!assignable && <span className="block text-sm text-ink-soft">{t('fixed')}</span>}
                </span>
              </label>
              {trainer && !assignable && <input type="hidden" name="trainer" value={id} />}
            </li>
          ))}
        </ul>
      </fieldset>
      <SubmitButton>{t('save')}</SubmitButton>
    </Form>
  );
}
