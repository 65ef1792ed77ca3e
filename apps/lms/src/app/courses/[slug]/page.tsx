import type { CoursePage } from '@preau/contract/tenant/learning';
import { cover } from '@/components/course/cover';
import { courseOutline } from '@/components/course/outline';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Alert } from '@/components/ui/Alert';
import { ButtonLink } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Form } from '@/components/ui/Form';
import { Progress } from '@/components/ui/Progress';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { Static } from '@/html/Static';
import { formatDate, formatMinutes, formatPercent } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { visit as currentVisit, type Visit } from '@/server/visit';
import { enrol } from './actions';

export default async function CoursePageRoute({ params }: PageProps<'/courses/[slug]'>) {
  const visit = await currentVisit();
  const { t, call } = visit;
  const { slug } = await params;
  const { data: course, problem } = await load(
    `/courses/${slug}`,
    backend().getCourse({ ...call, params: { slug } }),
  );
  if (problem) {
    return (
      <Page area="catalogue" title={problem.title}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const known = facts(course, visit);
  return (
    <Page area={course.enrolment ? 'courses' : 'catalogue'} title={course.title} description={course.summary}>
      <div className="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_21rem]">
        <div className="lg:col-start-1">
          <h1 className="text-3xl">{course.title}</h1>
          {course.summary && <p className="mt-4 max-w-measure text-lg text-ink-soft">{course.summary}</p>}
        </div>
        <aside className="lg:col-start-2 lg:row-span-2 lg:row-start-1">
          <div className="overflow-hidden rounded-xl border border-line bg-surface lg:sticky lg:top-24">
            <Static content={cover(course.cover, course.slug)} />
            <div className="space-y-5 p-5">
              <Entrance course={course} visit={visit} />
              {known && <Static as="dl" className="facts" content={known} />}
            </div>
          </div>
        </aside>
        <div className="space-y-10">
          {course.objectives.length > 0 && (
            <section aria-labelledby="objectives">
              <h2 id="objectives" className="mb-4 text-xl">
                {t('course.objectives')}
              </h2>
              <Static as="ul" className="objectives" content={objectives(course)} />
            </section>
          )}
          <section aria-labelledby="outline">
            <h2 id="outline" className="mb-4 text-xl">
              {t('course.outline')}
            </h2>
            {course.modules.length > 0 ? (
              <Static
                as="ol"
                className="programme"
                content={courseOutline(course.modules, course.enrolment !== null, visit)}
              />
            ) : (
              <EmptyState title={t('course.empty')} />
            )}
          </section>
        </div>
      </div>
    </Page>
  );
}

/** How far one is and the one thing to do next, or how to get in. */
function Entrance({ course, visit: { t, locale, user, site } }: { course: CoursePage; visit: Visit }) {
  const { enrolment } = course;
  if (!enrolment) {
    if (!course.selfEnrolment || site.state === 'read-only')
      return <p className="text-sm text-ink-soft">{t('course.closed')}</p>;
    if (!user) {
      return (
        <ButtonLink size="large" className="w-full" href={`/sign-in?next=/courses/${course.slug}`}>
          {t('course.enrolSignIn')}
        </ButtonLink>
      );
    }
    return (
      <Form id="enrol" action={enrol} referenceLabel={t('problem.reference')}>
        <input type="hidden" name="slug" value={course.slug} />
        <SubmitButton size="large" className="w-full">
          {t('course.enrol')}
        </SubmitButton>
      </Form>
    );
  }
  if (enrolment.state === 'suspended') return <Alert tone="warning">{t('course.suspended')}</Alert>;
  if (enrolment.state === 'expired') return <Alert tone="warning">{t('course.expired')}</Alert>;
  const first = course.modules[0]?.activities[0]?.id;
  const target = enrolment.nextActivityId ?? first;
  const percent = formatPercent(locale, enrolment.percent);
  const done = enrolment.state === 'completed';
  return (
    <>
      <div>
        <p className="mb-2 flex items-baseline justify-between text-sm">
          <span className="font-semibold">{t('course.progress')}</span>
          <span className="text-ink-soft tabular-nums">{percent}</span>
        </p>
        <Progress percent={enrolment.percent} label={t('course.percent', { percent })} />
        {done && enrolment.completedAt && (
          <p className="mt-2 text-sm text-success-text">
            {t('course.completedOn', { date: formatDate(locale, enrolment.completedAt) })}
          </p>
        )}
        {!done && enrolment.dueAt && (
          <p className="mt-2 text-sm text-ink-soft">
            {t('course.dueOn', { date: formatDate(locale, enrolment.dueAt) })}
          </p>
        )}
      </div>
      {done && enrolment.credentialCode && (
        <ButtonLink size="large" className="w-full" href={`/certificates/${enrolment.credentialCode}`}>
          {t('course.certificate')}
        </ButtonLink>
      )}
      {target && (
        <ButtonLink
          size="large"
          variant={done && enrolment.credentialCode ? 'secondary' : 'primary'}
          className="w-full"
          href={`/activities/${target}`}
        >
          {done ? t('course.review') : enrolment.percent > 0 ? t('course.continue') : t('course.start')}
        </ButtonLink>
      )}
    </>
  );
}

/** What one learns, point by point. */
function objectives(course: CoursePage): Html {
  return html`${course.objectives.map((objective) => html`<li>${icon('check')}<span>${objective}</span></li>`)}`;
}

/** What one should know before starting; null where nothing is said. */
function facts(course: CoursePage, { t }: Visit): Html | null {
  const said = [
    { term: t('course.duration'), text: formatMinutes(course.durationMinutes) },
    { term: t('course.audience'), text: course.audience },
    { term: t('course.prerequisites'), text: course.prerequisites },
    { term: t('course.attribution'), text: course.attribution },
  ].filter(({ text }) => text);
  if (said.length === 0) return null;
  return html`${said.map(({ term, text }) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}`;
}
