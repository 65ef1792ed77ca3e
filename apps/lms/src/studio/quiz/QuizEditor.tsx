'use client';

import type { QuestionInput, QuestionType, QuizConfig } from '@preau/contract/tenant/content';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useId, useState, useTransition } from 'react';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import { classes } from '@/components/ui/classes';
import { inputStyle } from '@/components/ui/inputStyle';
import { Icon } from '@/html/Icon';
import { saveActivity, saveQuestions } from '../api';
import { emptyQuestion, types } from './question';

interface Entry {
  /** Known to the backend, or none while it is new. */
  id?: string;
  key: string;
  question: QuestionInput;
}

interface Props {
  activityId: string;
  config: QuizConfig;
  questions: { id: string; question: QuestionInput }[];
}

const reviews = ['nothing', 'score', 'feedback', 'answers'] as const;
const reviewKeys = {
  nothing: 'reviewNothing',
  score: 'reviewScore',
  feedback: 'reviewFeedback',
  answers: 'reviewAnswers',
} as const;
const whole = (text: string) => (text.trim() === '' ? null : Math.trunc(Number(text)));

/** Settings and questions of a quiz, saved together by one button. */
export function QuizEditor({ activityId, config, questions }: Props) {
  const t = useTranslations('quizEditor');
  const [settings, setSettings] = useState(config);
  const [entries, setEntries] = useState<Entry[]>(questions.map((one) => ({ ...one, key: one.id })));
  const [adding, setAdding] = useState<QuestionType>('single');
  const [answer, setAnswer] = useState<{ ok: true } | { ok: false; reasons: string[] } | null>(null);
  const [dirty, setDirty] = useState(false);
  const [saving, start] = useTransition();

  useEffect(() => {
    if (!dirty) return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [dirty]);

  function change<T>(set: (value: T) => void) {
    return (value: T) => {
      setDirty(true);
      setAnswer(null);
      set(value);
    };
  }
  const set = change(setSettings);
  const put = change(setEntries);
  const edit = (index: number, question: QuestionInput) =>
    put(entries.map((entry, place) => (place === index ? { ...entry, question } : entry)));
  function move(index: number, by: number) {
    const next = [...entries];
    const [moved] = next.splice(index, 1);
    if (moved) next.splice(index + by, 0, moved);
    put(next);
  }

  function save() {
    start(async () => {
      const first = await saveActivity(activityId, { quiz: settings });
      const result =
        'problem' in first
          ? first
          : await saveQuestions(
              activityId,
              entries.map(({ id, question }) => ({ ...(id ? { id } : {}), question })),
            );
      if ('problem' in result) {
        const fields = (result.problem.errors ?? []).map(({ path, message }) => {
          const place = /questions\.(\d+)/.exec(path)?.[1];
          return place === undefined
            ? message
            : `${t('question', { number: Number(place) + 1 })} : ${message}`;
        });
        setAnswer({ ok: false, reasons: fields.length > 0 ? fields : [result.problem.detail] });
        return;
      }
      setDirty(false);
      setAnswer({ ok: true });
    });
  }

  return (
    <div className="space-y-8">
      <fieldset className="space-y-4 rounded-xl border border-line bg-surface p-5 sm:p-6">
        <legend className="sr-only">{t('settings')}</legend>
        <h2 className="text-xl">{t('settings')}</h2>
        <Labelled label={t('introduction')}>
          {(id) => (
            <textarea
              id={id}
              rows={2}
              maxLength={2000}
              value={settings.introduction}
              onChange={(event) => set({ ...settings, introduction: event.target.value })}
              className={classes(inputStyle, 'py-2')}
            />
          )}
        </Labelled>
        <div className="grid gap-4 sm:grid-cols-3">
          <Labelled label={t('passPercent')}>
            {(id) => (
              <input
                id={id}
                type="number"
                min={0}
                max={100}
                value={settings.passPercent}
                onChange={(event) => set({ ...settings, passPercent: Number(event.target.value) })}
                className={classes(inputStyle, 'h-11')}
              />
            )}
          </Labelled>
          <Labelled label={t('attempts')}>
            {(id) => (
              <input
                id={id}
                type="number"
                min={1}
                max={100}
                value={settings.attempts ?? ''}
                onChange={(event) => set({ ...settings, attempts: whole(event.target.value) })}
                className={classes(inputStyle, 'h-11')}
              />
            )}
          </Labelled>
          <Labelled label={t('timeLimit')}>
            {(id) => (
              <input
                id={id}
                type="number"
                min={1}
                max={600}
                value={settings.timeLimitMinutes ?? ''}
                onChange={(event) => set({ ...settings, timeLimitMinutes: whole(event.target.value) })}
                className={classes(inputStyle, 'h-11')}
              />
            )}
          </Labelled>
        </div>
        <Labelled label={t('review')}>
          {(id) => (
            <select
              id={id}
              value={settings.review}
              onChange={(event) =>
                set({ ...settings, review: reviews.find((one) => one === event.target.value) ?? 'answers' })
              }
              className={classes(inputStyle, 'h-11')}
            >
              {reviews.map((one) => (
                <option key={one} value={one}>
                  {t(reviewKeys[one])}
                </option>
              ))}
            </select>
          )}
        </Labelled>
        <Box
          label={t('shuffleQuestions')}
          checked={settings.shuffleQuestions}
          onChange={(shuffleQuestions) => set({ ...settings, shuffleQuestions })}
        />
        <Box
          label={t('shuffleOptions')}
          checked={settings.shuffleOptions}
          onChange={(shuffleOptions) => set({ ...settings, shuffleOptions })}
        />
      </fieldset>
      <section aria-label={t('questions')} className="space-y-5">
        <h2 className="text-xl">{t('questions')}</h2>
        {entries.length === 0 && (
          <p className="rounded-xl border border-dashed border-line-strong p-6 text-center text-ink-soft">
            <strong className="block text-ink">{t('empty')}</strong>
            {t('emptyLead')}
          </p>
        )}
        {entries.map((entry, index) => (
          <fieldset key={entry.key} className="rounded-xl border border-line bg-surface p-5 sm:p-6">
            <legend className="sr-only">{t('question', { number: index + 1 })}</legend>
            <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
              <h3 className="text-lg">
                {t('question', { number: index + 1 })}{' '}
                <span className="text-sm font-normal text-ink-soft">{t(entry.question.type)}</span>
              </h3>
              <span className="flex">
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={t('moveUp', { number: index + 1 })}
                  aria-disabled={index === 0 || undefined}
                  onClick={() => index > 0 && move(index, -1)}
                >
                  <Icon name="chevron-down" className="rotate-180" />
                </Button>
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={t('moveDown', { number: index + 1 })}
                  aria-disabled={index === entries.length - 1 || undefined}
                  onClick={() => index < entries.length - 1 && move(index, 1)}
                >
                  <Icon name="chevron-down" />
                </Button>
                <Button
                  variant="quiet"
                  size="icon"
                  aria-label={t('remove', { number: index + 1 })}
                  onClick={() => put(entries.filter((_, place) => place !== index))}
                >
                  <Icon name="x" />
                </Button>
              </span>
            </div>
            <QuestionFields question={entry.question} onChange={(question) => edit(index, question)} />
          </fieldset>
        ))}
        <div className="flex flex-wrap items-end gap-3">
          <Labelled label={t('type')}>
            {(id) => (
              <select
                id={id}
                value={adding}
                onChange={(event) => setAdding(types.find((one) => one === event.target.value) ?? 'single')}
                className={classes(inputStyle, 'h-11')}
              >
                {types.map((type) => (
                  <option key={type} value={type}>
                    {t(type)}
                  </option>
                ))}
              </select>
            )}
          </Labelled>
          <Button
            variant="secondary"
            className="h-11"
            onClick={() => put([...entries, { key: crypto.randomUUID(), question: emptyQuestion(adding) }])}
          >
            {t('add')}
          </Button>
        </div>
      </section>
      <div className="sticky bottom-0 -mx-2 border-t border-line bg-paper px-2 py-4">
        {answer && !answer.ok && (
          <Alert tone="danger" className="mb-3">
            <p>{t('failed')}.</p>
            <ul className="list-disc pl-5">
              {answer.reasons.map((reason) => (
                <li key={reason}>{reason}</li>
              ))}
            </ul>
          </Alert>
        )}
        <p className="flex flex-wrap items-center gap-4">
          <Button onClick={save} aria-disabled={saving || undefined}>
            {t('save')}
          </Button>
          <span role="status" className="text-sm text-success-text">
            {answer?.ok ? t('saved') : ''}
          </span>
        </p>
      </div>
    </div>
  );
}

function Labelled({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId();
  return (
    <div className="space-y-1.5">
      <label htmlFor={id} className="block text-sm font-semibold">
        {label}
      </label>
      {children(id)}
    </div>
  );
}

function Box({
  label,
  checked,
  onChange,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <label className="flex items-start gap-3">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-1 size-4 shrink-0 accent-brand"
      />
      <span>{label}</span>
    </label>
  );
}

const short = classes(inputStyle, 'h-10');

function QuestionFields({
  question,
  onChange,
}: {
  question: QuestionInput;
  onChange: (q: QuestionInput) => void;
}) {
  const t = useTranslations('quizEditor');
  return (
    <div className="space-y-4">
      <Labelled label={t('prompt')}>
        {(id) => (
          <textarea
            id={id}
            rows={2}
            maxLength={5000}
            value={question.prompt}
            onChange={(event) => onChange({ ...question, prompt: event.target.value })}
            className={classes(inputStyle, 'py-2')}
          />
        )}
      </Labelled>
      <Answers question={question} onChange={onChange} />
      <div className="grid gap-4 sm:grid-cols-[8rem_1fr]">
        <Labelled label={t('points')}>
          {(id) => (
            <input
              id={id}
              type="number"
              min={0}
              max={1000}
              step="any"
              value={question.points}
              onChange={(event) => onChange({ ...question, points: Number(event.target.value) })}
              className={short}
            />
          )}
        </Labelled>
        <Labelled label={t('feedback')}>
          {(id) => (
            <input
              id={id}
              maxLength={2000}
              value={question.feedback}
              onChange={(event) => onChange({ ...question, feedback: event.target.value })}
              className={short}
            />
          )}
        </Labelled>
      </div>
    </div>
  );
}

function Answers({ question, onChange }: { question: QuestionInput; onChange: (q: QuestionInput) => void }) {
  const t = useTranslations('quizEditor');
  const name = useId();
  if (question.type === 'single' || question.type === 'multiple') {
    const { options } = question;
    const put = (next: typeof options) => onChange({ ...question, options: next });
    return (
      <ul className="space-y-2">
        {options.map((option, index) => (
          <li
            key={option.id}
            className="grid grid-cols-[auto_1fr_auto] items-center gap-2 sm:grid-cols-[auto_1fr_1fr_auto]"
          >
            <input
              type={question.type === 'single' ? 'radio' : 'checkbox'}
              name={name}
              aria-label={`${t('correct')} ${index + 1}`}
              checked={option.correct}
              onChange={(event) =>
                put(
                  options.map((one) =>
                    one.id === option.id
                      ? { ...one, correct: event.target.checked }
                      : question.type === 'single'
                        ? { ...one, correct: false }
                        : one,
                  ),
                )
              }
              className="size-4 accent-brand"
            />
            <input
              aria-label={t('option', { number: index + 1 })}
              value={option.text}
              maxLength={1000}
              onChange={(event) =>
                put(options.map((one) => (one.id === option.id ? { ...one, text: event.target.value } : one)))
              }
              className={short}
            />
            <input
              aria-label={t('optionFeedback', { number: index + 1 })}
              placeholder={t('optionFeedback', { number: index + 1 })}
              value={option.feedback}
              maxLength={1000}
              onChange={(event) =>
                put(
                  options.map((one) =>
                    one.id === option.id ? { ...one, feedback: event.target.value } : one,
                  ),
                )
              }
              className={classes(short, 'col-start-2 sm:col-start-auto')}
            />
            <Button
              variant="quiet"
              size="icon"
              aria-label={t('removeOption', { number: index + 1 })}
              aria-disabled={options.length <= 2 || undefined}
              onClick={() => options.length > 2 && put(options.filter((one) => one.id !== option.id))}
            >
              <Icon name="x" />
            </Button>
          </li>
        ))}
        <li>
          <Button
            variant="secondary"
            size="small"
            onClick={() =>
              put([
                ...options,
                { id: crypto.randomUUID().slice(0, 8), text: '', correct: false, weight: null, feedback: '' },
              ])
            }
          >
            {t('addOption')}
          </Button>
        </li>
      </ul>
    );
  }
  if (question.type === 'trueFalse') {
    return (
      <div className="space-y-2">
        {[true, false].map((value) => (
          <label key={String(value)} className="flex items-center gap-3">
            <input
              type="radio"
              name={name}
              checked={question.answer === value}
              onChange={() => onChange({ ...question, answer: value })}
              className="size-4 accent-brand"
            />
            {value ? t('answerTrue') : t('answerFalse')}
          </label>
        ))}
      </div>
    );
  }
  if (question.type === 'shortAnswer') {
    const { answers } = question;
    return (
      <div className="space-y-2">
        <p className="text-sm text-ink-soft">{t('acceptedHint')}</p>
        {answers.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer has no identity but its place
          <span key={index} className="flex gap-2">
            <input
              aria-label={t('accepted', { number: index + 1 })}
              value={one.text}
              maxLength={500}
              onChange={(event) =>
                onChange({
                  ...question,
                  answers: answers.map((a, place) =>
                    place === index ? { ...a, text: event.target.value } : a,
                  ),
                })
              }
              className={short}
            />
            <Button
              variant="quiet"
              size="icon"
              aria-label={t('removeOption', { number: index + 1 })}
              aria-disabled={answers.length <= 1 || undefined}
              onClick={() =>
                answers.length > 1 &&
                onChange({ ...question, answers: answers.filter((_, place) => place !== index) })
              }
            >
              <Icon name="x" />
            </Button>
          </span>
        ))}
        <Button
          variant="secondary"
          size="small"
          onClick={() =>
            onChange({ ...question, answers: [...answers, { text: '', percent: 100, feedback: '' }] })
          }
        >
          {t('addOption')}
        </Button>
        <Box
          label={t('caseSensitive')}
          checked={question.caseSensitive}
          onChange={(caseSensitive) => onChange({ ...question, caseSensitive })}
        />
      </div>
    );
  }
  const { answers } = question;
  return (
    <div className="space-y-3">
      {answers.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an answer has no identity but its place
        <div key={index} className="grid grid-cols-2 gap-3">
          <Labelled label={t('value', { number: index + 1 })}>
            {(id) => (
              <input
                id={id}
                type="number"
                step="any"
                value={one.value}
                onChange={(event) =>
                  onChange({
                    ...question,
                    answers: answers.map((a, place) =>
                      place === index ? { ...a, value: Number(event.target.value) } : a,
                    ),
                  })
                }
                className={short}
              />
            )}
          </Labelled>
          <Labelled label={t('tolerance')}>
            {(id) => (
              <input
                id={id}
                type="number"
                step="any"
                min={0}
                value={one.tolerance}
                onChange={(event) =>
                  onChange({
                    ...question,
                    answers: answers.map((a, place) =>
                      place === index ? { ...a, tolerance: Number(event.target.value) } : a,
                    ),
                  })
                }
                className={short}
              />
            )}
          </Labelled>
        </div>
      ))}
      <Labelled label={t('unit')}>
        {(id) => (
          <input
            id={id}
            maxLength={40}
            value={question.unit}
            onChange={(event) => onChange({ ...question, unit: event.target.value })}
            className={classes(short, 'max-w-40')}
          />
        )}
      </Labelled>
    </div>
  );
}
