import type { Answer, Attempt } from '@preau/contract/tenant/assessment';
import { classes } from '@/components/ui/classes';
import { inputStyle } from '@/components/ui/inputStyle';
import { InlineMarkdown, Markdown } from '@/richText/RichText';
import type { Visit } from '@/server/visit';
import { type AnswerKind, fieldName } from './answers';

export type QuestionData = Attempt['questions'][number];

export function kindOf(question: QuestionData): AnswerKind {
  if (question.type === 'single' || question.type === 'multiple') return 'options';
  return question.type === 'trueFalse' ? 'boolean' : 'text';
}

interface Props {
  question: QuestionData;
  number: number;
  total: number;
  answer: Answer | undefined;
  visit: Visit;
}

const choiceStyle =
  'flex items-start gap-3 rounded-lg border border-line-strong bg-surface px-4 py-3 transition-colors hover:border-brand has-checked:border-brand has-checked:bg-brand-soft';

/** One question to be answered: ordinary inputs, so that answering needs no JavaScript. */
export function Question({ question, number, total, answer, visit: { t, locale } }: Props) {
  const kind = kindOf(question);
  const name = fieldName(kind, question.id);
  const hint =
    question.type === 'multiple'
      ? t('quiz.chooseMany')
      : question.type === 'single'
        ? t('quiz.chooseOne')
        : '';
  const promptId = `prompt-${question.id}`;
  return (
    <fieldset
      id={`question-${question.id}`}
      data-question={question.id}
      data-kind={kind}
      tabIndex={-1}
      aria-describedby={promptId}
      className="scroll-mt-24 rounded-xl border border-line bg-surface p-5 outline-offset-4 sm:p-6"
    >
      <legend className="float-left mb-3 flex w-full items-baseline justify-between gap-3 text-sm text-ink-soft">
        <span className="font-semibold">{t('quiz.question', { number, total })}</span>
        <span>{t('quiz.points', { points: question.points })}</span>
      </legend>
      <div className="clear-both">
        <div id={promptId} className="mb-4 font-medium">
          <Markdown text={question.prompt} locale={locale} />
        </div>
        {hint && <p className="mb-3 text-sm text-ink-soft">{hint}</p>}
        {kind === 'options' && (
          <div className="space-y-2">
            {question.options.map((option) => (
              <label key={option.id} className={choiceStyle}>
                <input
                  type={question.type === 'multiple' ? 'checkbox' : 'radio'}
                  name={name}
                  value={option.id}
                  defaultChecked={answer?.kind === 'options' && answer.ids.includes(option.id)}
                  className="mt-1 size-4.5 shrink-0 accent-brand"
                />
                <InlineMarkdown text={option.text} locale={locale} />
              </label>
            ))}
          </div>
        )}
        {kind === 'boolean' && (
          <div className="grid gap-2 sm:grid-cols-2">
            {(['true', 'false'] as const).map((value) => (
              <label key={value} className={choiceStyle}>
                <input
                  type="radio"
                  name={name}
                  value={value}
                  defaultChecked={answer?.kind === 'boolean' && String(answer.value) === value}
                  className="mt-1 size-4.5 shrink-0 accent-brand"
                />
                {t(`quiz.${value}`)}
              </label>
            ))}
          </div>
        )}
        {kind === 'text' && (
          <label className="block max-w-md space-y-1.5">
            <span className="text-sm font-semibold">
              {question.type === 'numeric' ? t('quiz.number') : t('quiz.yourAnswer')}
            </span>
            <span className="flex items-center gap-3">
              <input
                name={name}
                defaultValue={answer?.kind === 'text' ? answer.value : ''}
                maxLength={1000}
                inputMode={question.type === 'numeric' ? 'decimal' : undefined}
                autoComplete="off"
                className={classes(inputStyle, 'h-11')}
              />
              {question.unit && <span className="shrink-0 text-ink-soft">{question.unit}</span>}
            </span>
          </label>
        )}
      </div>
    </fieldset>
  );
}
