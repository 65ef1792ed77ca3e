import type { Answer, AttemptResult } from '@preau/contract/tenant/assessment';
import { Badge } from '@/components/ui/Badge';
import { classes } from '@/components/ui/classes';
import { Icon } from '@/html/Icon';
import { InlineMarkdown, Markdown } from '@/richText/RichText';
import type { Visit } from '@/server/visit';
import type { QuestionData } from './Question';

interface Props {
  question: QuestionData;
  number: number;
  total: number;
  graded: AttemptResult['questions'][number];
  answer: Answer | undefined;
  visit: Visit;
}

/** One answered question: what was chosen, what was right, and the author's feedback. */
export function Review({ question, number, total, graded, answer, visit: { t, locale } }: Props) {
  const partial = !graded.correct && graded.score > 0;
  const tone = graded.correct ? 'success' : partial ? 'warning' : 'danger';
  const verdict = graded.correct ? t('quiz.correct') : partial ? t('quiz.partial') : t('quiz.incorrect');
  return (
    <li className="rounded-xl border border-line bg-surface p-5 sm:p-6">
      <p className="mb-3 flex items-baseline justify-between gap-3 text-sm text-ink-soft">
        <span className="font-semibold">{t('quiz.question', { number, total })}</span>
        <Badge tone={tone}>{verdict}</Badge>
      </p>
      <div className="mb-4 font-medium">
        <Markdown text={question.prompt} locale={locale} />
      </div>
      {question.options.length > 0 && (
        <ul className="space-y-2">
          {question.options.map((option) => {
            const chosen = answer?.kind === 'options' && answer.ids.includes(option.id);
            const right = graded.correctOptionIds.includes(option.id);
            return (
              <li
                key={option.id}
                className={classes(
                  'flex flex-wrap items-start justify-between gap-x-4 gap-y-1 rounded-lg border border-line px-4 py-3',
                  chosen && 'border-line-strong bg-sunken',
                  right && 'border-success-line bg-success-soft',
                )}
              >
                <InlineMarkdown text={option.text} locale={locale} />
                {(chosen || right) && (
                  <span className="flex items-center gap-1.5 text-sm font-semibold [&_svg]:size-4">
                    {right ? (
                      <Icon name="check" className="text-success-text" />
                    ) : chosen && graded.correctOptionIds.length > 0 ? (
                      <Icon name="x" className="text-danger-text" />
                    ) : null}
                    {[right && t('quiz.rightOption'), chosen && t('quiz.yourChoice')]
                      .filter(Boolean)
                      .join(' · ')}
                  </span>
                )}
              </li>
            );
          })}
        </ul>
      )}
      {question.options.length === 0 && (
        <p>
          <span className="text-sm text-ink-soft">{t('quiz.yourAnswer')}</span>
          <br />
          <strong>{written(answer, t) ?? t('quiz.notAnswered')}</strong> {answer && question.unit}
        </p>
      )}
      {graded.solution.length > 0 && question.options.length === 0 && !graded.correct && (
        <p className="mt-3">
          <span className="text-sm text-ink-soft">{t('quiz.solution')}</span>{' '}
          <strong>{graded.solution.join(', ')}</strong>
        </p>
      )}
      {graded.feedback.map((text) => (
        <div key={text} className="mt-4 rounded-lg border-l-4 border-accent bg-accent-soft px-4 py-3">
          <Markdown text={text} locale={locale} />
        </div>
      ))}
    </li>
  );
}

function written(answer: Answer | undefined, t: Visit['t']): string | null {
  if (answer?.kind === 'boolean') return answer.value ? t('quiz.true') : t('quiz.false');
  if (answer?.kind === 'text') return answer.value || null;
  return null;
}
