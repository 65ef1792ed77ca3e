import { Player } from '@/components/player/Player';
import { Question } from '@/components/quiz/Question';
import { QuizForm } from '@/components/quiz/QuizForm';
import { Result } from '@/components/quiz/Result';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { formatInstant } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { visit as currentVisit } from '@/server/visit';
import { startQuiz, submitQuiz } from '../../actions';

export default async function AttemptRoute({
  params,
}: PageProps<'/activities/[activityId]/attempts/[attemptId]'>) {
  const visit = await currentVisit();
  const { t, locale, call } = visit;
  const { activityId, attemptId } = await params;
  const { data, problem } = await load(
    `/activities/${activityId}/attempts/${attemptId}`,
    Promise.all([
      backend().getActivity({ ...call, params: { activityId } }),
      backend().getAttempt({ ...call, params: { attemptId } }),
    ]),
  );
  if (problem) {
    return (
      <Page area="courses" title={problem.title}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const [page, attempt] = data;
  if (attempt.result) {
    return (
      <Player page={page} visit={visit}>
        <Result attempt={attempt} result={attempt.result} page={page} visit={visit} again={startQuiz} />
      </Player>
    );
  }
  const total = attempt.questions.length;
  return (
    <Player page={page} visit={visit}>
      {attempt.deadline && (
        <p className="mb-6 font-semibold">
          {t('quiz.deadline', { time: formatInstant(locale, attempt.deadline) })}
        </p>
      )}
      <QuizForm
        key={attempt.id}
        attemptId={attempt.id}
        activityId={page.id}
        closesIn={attempt.deadline ? new Date(attempt.deadline).getTime() - Date.now() : null}
        action={submitQuiz}
        labels={{
          submit: t('quiz.submit'),
          autosave: t('quiz.autosave'),
          saving: t('quiz.saving'),
          saved: t('quiz.saved'),
          saveFailed: t('quiz.saveFailed'),
          submitAnyway: t('quiz.submitAnyway'),
          goToUnanswered: t('quiz.goToUnanswered'),
        }}
        unansweredLabels={attempt.questions.map((_, index) => t('quiz.unanswered', { count: index + 1 }))}
      >
        {attempt.questions.map((question, index) => (
          <Question
            key={question.id}
            question={question}
            number={index + 1}
            total={total}
            answer={attempt.answers[question.id]}
            visit={visit}
          />
        ))}
      </QuizForm>
    </Player>
  );
}
