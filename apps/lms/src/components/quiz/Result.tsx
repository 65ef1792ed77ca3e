import type { Attempt, AttemptResult } from '@preau/contract/tenant/assessment';
import type { ActivityPage } from '@preau/contract/tenant/learning';
import { NextAction } from '@/components/player/NextAction';
import { Badge } from '@/components/ui/Badge';
import { Form } from '@/components/ui/Form';
import type { FormAction } from '@/components/ui/formState';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { formatNumber, formatPercent } from '@/i18n/format';
import type { Visit } from '@/server/visit';
import { Review } from './Review';

interface Props {
  attempt: Attempt;
  result: AttemptResult;
  page: ActivityPage;
  visit: Visit;
  again: FormAction;
}

/** What came out of an attempt, as far as the review policy lets one see, and what to do now. */
export function Result({ attempt, result, page, visit, again }: Props) {
  const { t, locale } = visit;
  const percent = formatPercent(locale, result.percent);
  const mayRetry = result.attemptsLeft === null || result.attemptsLeft > 0;
  return (
    <>
      <section
        aria-labelledby="result"
        className={`rounded-xl border p-6 sm:p-8 ${result.passed ? 'border-success-line bg-success-soft' : 'border-warning-line bg-warning-soft'}`}
      >
        <div className="flex flex-wrap items-center gap-x-8 gap-y-4">
          <p className="font-heading text-5xl font-bold tabular-nums">{percent}</p>
          <div>
            <h2 id="result" tabIndex={-1} className="outline-none flex flex-wrap items-center gap-3 text-xl">
              {t('quiz.resultTitle')}
              <Badge tone={result.passed ? 'success' : 'warning'}>
                {result.passed ? t('quiz.passed') : t('quiz.notPassed')}
              </Badge>
            </h2>
            <p className="mt-1">
              {result.passed
                ? t('quiz.passedLead')
                : t('quiz.failedLead', { percent: formatPercent(locale, page.quiz?.passPercent ?? 0) })}
            </p>
            <p className="mt-1 text-sm text-ink-soft">
              {t('quiz.score', {
                score: formatNumber(locale, result.score),
                max: formatNumber(locale, result.maxScore),
              })}
              {' · '}
              {t('quiz.attempt', { number: attempt.number })}
              {result.attemptsLeft !== null && ` · ${t('quiz.attemptsLeft', { count: result.attemptsLeft })}`}
            </p>
          </div>
        </div>
        {!result.passed && mayRetry && (
          <Form id="again" action={again} referenceLabel={t('problem.reference')} className="mt-6">
            <input type="hidden" name="activity" value={page.id} />
            <SubmitButton size="large">{t('quiz.again')}</SubmitButton>
          </Form>
        )}
        {!result.passed && !mayRetry && <p className="mt-4">{t('quiz.exhausted')}</p>}
      </section>
      {result.questions.length > 0 && (
        <ol className="mt-8 space-y-5">
          {attempt.questions.map((question, index) => {
            const graded = result.questions.find(({ questionId }) => questionId === question.id);
            return graded ? (
              <Review
                key={question.id}
                question={question}
                number={index + 1}
                total={attempt.questions.length}
                graded={graded}
                answer={attempt.answers[question.id]}
                visit={visit}
              />
            ) : null;
          })}
        </ol>
      )}
      <NextAction page={page} visit={visit} />
    </>
  );
}
