import type { ActivityPage } from '@preau/contract/tenant/learning';
import { LessonTracker } from '@/components/player/LessonTracker';
import { NextAction } from '@/components/player/NextAction';
import { Player } from '@/components/player/Player';
import { QuizEntrance } from '@/components/quiz/QuizEntrance';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { RichText } from '@/richText/RichText';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { visit as currentVisit, type Visit } from '@/server/visit';
import { completeLesson, startQuiz } from './actions';

export default async function ActivityRoute({ params }: PageProps<'/activities/[activityId]'>) {
  const visit = await currentVisit();
  const { activityId } = await params;
  const { data: page, problem } = await load(
    `/activities/${activityId}`,
    backend().getActivity({ ...visit.call, params: { activityId } }),
  );
  if (problem) {
    return (
      <Page area="courses" title={problem.title}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  return (
    <Player page={page} visit={visit}>
      {page.type === 'quiz' ? (
        <QuizEntrance page={page} visit={visit} start={startQuiz} />
      ) : (
        <Lesson page={page} visit={visit} />
      )}
    </Player>
  );
}

function Lesson({ page, visit }: { page: ActivityPage; visit: Visit }) {
  const { t } = visit;
  const done = page.state === 'completed' || page.preview;
  return (
    <>
      <article id="lesson">
        {page.content ? (
          <RichText content={page.content} locale={visit.locale} />
        ) : (
          <p className="text-ink-soft">{t('player.noContent')}</p>
        )}
      </article>
      <NextAction page={page} visit={visit} complete={done ? undefined : completeLesson} />
      <LessonTracker
        key={page.id}
        activityId={page.id}
        position={page.position}
        completesAtEnd={page.completion === 'viewed' && page.state !== 'completed'}
        record={!page.preview && page.enrolmentId !== null}
        labels={{
          resumed: t('player.resumed'),
          fromStart: t('player.fromStart'),
          saveFailed: t('player.saveFailed'),
          done: t('player.done'),
        }}
      />
    </>
  );
}
