import type { ActivityPage } from '@preau/contract/tenant/learning';
import { NextAction } from '@/components/player/NextAction';
import { Alert } from '@/components/ui/Alert';
import { Badge } from '@/components/ui/Badge';
import { ButtonLink } from '@/components/ui/Button';
import { Form } from '@/components/ui/Form';
import type { FormAction } from '@/components/ui/formState';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import { formatPercent } from '@/i18n/format';
import { Markdown } from '@/richText/RichText';
import type { Visit } from '@/server/visit';

/** Before a quiz: its rules, how often one may try, and the way in. */
export function QuizEntrance({
  page,
  visit,
  start,
}: {
  page: ActivityPage;
  visit: Visit;
  start: FormAction;
}) {
  const { t, locale } = visit;
  const { quiz } = page;
  if (!quiz) return <p className="text-ink-soft">{t('player.noContent')}</p>;
  const left = quiz.attemptsAllowed === null ? null : Math.max(0, quiz.attemptsAllowed - quiz.attemptsUsed);
  const exhausted = left === 0 && !quiz.openAttemptId;
  const tried = quiz.attemptsUsed > 0;
  return (
    <>
      {quiz.introduction && (
        <div className="mb-8">
          <Markdown text={quiz.introduction} locale={locale} />
        </div>
      )}
      <div className="rounded-xl border border-line bg-surface p-5 sm:p-6">
        <p className="font-heading text-lg font-semibold">{t('quiz.questions', { count: quiz.questions })}</p>
        <ul className="mt-3 space-y-2 text-ink-soft [&_svg]:size-5 [&_svg]:shrink-0 [&>li]:flex [&>li]:items-center [&>li]:gap-3">
          <li>
            <Icon name="target" /> {t('quiz.passMark', { percent: formatPercent(locale, quiz.passPercent) })}
          </li>
          <li>
            <Icon name="repeat" />
            {left === null ? t('quiz.attemptsUnlimited') : t('quiz.attemptsLeft', { count: left })}
          </li>
          {quiz.timeLimitMinutes !== null && (
            <li>
              <Icon name="clock" /> {t('quiz.timeLimit', { minutes: quiz.timeLimitMinutes })}
            </li>
          )}
        </ul>
        {tried && quiz.bestPercent !== null && (
          <p className="mt-4 flex flex-wrap items-center gap-3">
            {t('quiz.best', { percent: formatPercent(locale, quiz.bestPercent) })}
            <Badge tone={quiz.passed ? 'success' : 'warning'}>
              {quiz.passed ? t('quiz.passed') : t('quiz.notPassed')}
            </Badge>
          </p>
        )}
        {exhausted && !quiz.passed && (
          <Alert tone="warning" className="mt-5">
            {t('quiz.exhausted')}
          </Alert>
        )}
        <div className="mt-6 flex flex-wrap gap-3">
          {!exhausted && (
            <Form id="start" action={start} referenceLabel={t('problem.reference')}>
              <input type="hidden" name="activity" value={page.id} />
              <SubmitButton size="large" variant={quiz.passed ? 'secondary' : 'primary'}>
                {quiz.openAttemptId ? t('quiz.resume') : tried ? t('quiz.again') : t('quiz.start')}
              </SubmitButton>
            </Form>
          )}
          {quiz.lastAttemptId && quiz.lastAttemptId !== quiz.openAttemptId && (
            <ButtonLink
              size="large"
              variant="secondary"
              href={`/activities/${page.id}/attempts/${quiz.lastAttemptId}`}
            >
              {t('quiz.lastResult')}
            </ButtonLink>
          )}
        </div>
      </div>
      {(quiz.passed || page.state === 'completed' || !page.nextLocked) && (
        <NextAction page={page} visit={visit} />
      )}
    </>
  );
}
