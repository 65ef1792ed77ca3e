import { holds } from '@preau/contract/permission';
import { redirect } from 'next/navigation';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { ButtonLink } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { Icon } from '@/html/Icon';
import { Messages } from '@/i18n/Messages';
import { messagesOf } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { mayWith } from '@/server/may';
import { authorVisit } from '@/studio/author';
import { LessonEditor } from '@/studio/lesson/LessonEditor';
import { Rules } from '@/studio/lesson/Rules';
import { PackageEditor } from '@/studio/package/PackageEditor';
import { QuizEditor } from '@/studio/quiz/QuizEditor';

const emptyText = { root: { type: 'root' as const, children: [] } };

export default async function StudioActivityPage({ params }: PageProps<'/studio/activities/[activityId]'>) {
  const { activityId } = await params;
  const path = `/studio/activities/${activityId}`;
  const { t, call, locale, user } = await authorVisit(path);
  const sends = user !== null && holds(user.grants, ['course.write']);
  const { data, problem } = await load(
    path,
    Promise.all([
      backend().getStudioActivity({ ...call, params: { activityId } }),
      sends ? backend().getStorage({ ...call }) : null,
    ]),
  );
  if (problem) {
    return (
      <Page area="studio" title={problem.title} indexed={false}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const [{ activity, course }, storage] = data;
  // Whoever may only look at it sees it as learners do.
  if (!mayWith(user, course)('course.write')) redirect(`/activities/${activity.id}`);
  const summary = course.modules.flatMap((module) => module.activities).find(({ id }) => id === activity.id);
  const reference = t('problem.reference');
  return (
    <Page area="studio" title={activity.title} indexed={false}>
      <div className="mb-6 flex flex-wrap items-center justify-between gap-4">
        <div className="min-w-0">
          <p className="text-sm">
            <a className="link inline-flex items-center gap-1" href={`/studio/courses/${course.id}`}>
              <Icon name="arrow-left" /> {t('activity.back')}
            </a>
          </p>
          <h1 className="mt-3 text-3xl break-words">{activity.title}</h1>
        </div>
        <ButtonLink variant="secondary" href={`/activities/${activity.id}`}>
          <Icon name="play" /> {t('activity.preview')}
        </ButtonLink>
      </div>
      <Messages
        locale={locale}
        messages={messagesOf(locale, ['activity', 'editor', 'quizEditor', 'upload', 'packageEditor'])}
      >
        <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_20rem]">
          {activity.type === 'lesson' ? (
            <LessonEditor
              key={activity.id}
              activityId={activity.id}
              content={activity.content ?? emptyText}
              updatedAt={activity.updatedAt}
              referenceLabel={reference}
              storage={storage}
            />
          ) : activity.type === 'package' ? (
            <PackageEditor
              key={activity.id}
              activityId={activity.id}
              shown={activity.package}
              storage={storage}
            />
          ) : (
            activity.quiz && (
              <QuizEditor
                key={activity.id}
                activityId={activity.id}
                config={activity.quiz}
                questions={activity.questions}
              />
            )
          )}
          {summary && (
            <Card>
              <h2 className="mb-5 text-xl">{t('activity.rules')}</h2>
              <Rules activity={summary} modules={course.modules} referenceLabel={reference} />
            </Card>
          )}
        </div>
      </Messages>
    </Page>
  );
}
