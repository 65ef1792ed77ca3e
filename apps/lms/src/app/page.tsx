import { redirect } from 'next/navigation';
import { CourseGrid } from '@/components/course/CourseGrid';
import { cover } from '@/components/course/cover';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { ButtonLink } from '@/components/ui/Button';
import { EmptyState } from '@/components/ui/EmptyState';
import { Progress } from '@/components/ui/Progress';
import { Icon } from '@/html/Icon';
import { Static } from '@/html/Static';
import { formatDate, formatPercent } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { visit as currentVisit } from '@/server/visit';

/** Somebody's courses; visitors see the catalogue, or the way in where it is private. */
export default async function HomePage() {
  const visit = await currentVisit();
  const { t, locale, user, site, call } = visit;
  if (!user) redirect(site.catalogue === 'public' ? '/catalogue' : '/sign-in');
  const { data, problem } = await load('/', backend().getDashboard(call));
  if (problem) {
    return (
      <Page area="courses" title={t('dashboard.title')}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const { resume, courses, credentials } = data;
  const running = courses.filter((course) => course.enrolment?.state !== 'completed');
  const completed = courses.filter((course) => course.enrolment?.state === 'completed');
  const first = user.name.trim().split(/\s+/)[0] ?? user.name;
  return (
    <Page area="courses" title={t('dashboard.title')}>
      <h1 className="mb-8 text-3xl">{t('dashboard.greeting', { name: first })}</h1>

      {resume && (
        <section
          aria-labelledby="resume"
          className="mb-12 grid overflow-hidden rounded-xl border border-line bg-surface md:grid-cols-[1fr_20rem]"
        >
          <div className="flex flex-col gap-4 p-6 sm:p-8">
            <div>
              <h2 id="resume" className="text-xl">
                {resume.course.title}
              </h2>
              <p className="mt-2 text-ink-soft">
                {t('dashboard.resumeLead')} <strong className="text-ink">{resume.activityTitle}</strong>
              </p>
            </div>
            {resume.course.enrolment && (
              <div className="flex max-w-md items-center gap-3">
                <Progress
                  percent={resume.course.enrolment.percent}
                  label={t('course.percent', {
                    percent: formatPercent(locale, resume.course.enrolment.percent),
                  })}
                />
                <span className="text-sm font-semibold tabular-nums" aria-hidden="true">
                  {formatPercent(locale, resume.course.enrolment.percent)}
                </span>
              </div>
            )}
            <p className="mt-auto pt-2">
              <ButtonLink size="large" href={`/activities/${resume.activityId}`}>
                <Icon name="play" /> {t('dashboard.resume')}
              </ButtonLink>
            </p>
          </div>
          <Static
            className="order-first *:h-full md:order-last md:*:aspect-auto"
            content={cover(resume.course.cover, resume.course.slug)}
          />
        </section>
      )}

      {courses.length === 0 ? (
        <EmptyState
          title={t('dashboard.empty')}
          action={<ButtonLink href="/catalogue">{t('dashboard.browse')}</ButtonLink>}
        >
          <p>{t('dashboard.emptyLead')}</p>
        </EmptyState>
      ) : (
        <div className="space-y-12">
          {running.length > 0 && (
            <section aria-labelledby="running">
              <h2 id="running" className="mb-5 text-xl">
                {t('dashboard.inProgress')}
              </h2>
              <CourseGrid courses={running} visit={visit} />
            </section>
          )}
          {completed.length > 0 && (
            <section aria-labelledby="completed">
              <h2 id="completed" className="mb-5 text-xl">
                {t('dashboard.completed')}
              </h2>
              <CourseGrid courses={completed} visit={visit} />
            </section>
          )}
        </div>
      )}

      {credentials.length > 0 && (
        <section aria-labelledby="certificates" className="mt-12">
          <h2 id="certificates" className="mb-5 text-xl">
            {t('dashboard.certificates')}
          </h2>
          <ul className="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">
            {credentials.map((credential) => (
              <li key={credential.code}>
                <a
                  href={`/certificates/${credential.code}`}
                  className="flex items-center gap-4 p-4 text-ink no-underline hover:bg-sunken sm:px-6"
                >
                  <Icon name="award" className="size-6 shrink-0 text-brand-text" />
                  <span className="min-w-0 flex-1">
                    <span className="block font-semibold">{credential.courseTitle}</span>
                    <span className="block text-sm text-ink-soft">
                      {t('dashboard.issued', { date: formatDate(locale, credential.issuedAt) })}
                    </span>
                  </span>
                  <Icon name="chevron-right" className="size-5 shrink-0 text-ink-faint" />
                </a>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Page>
  );
}
