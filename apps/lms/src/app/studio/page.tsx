import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Badge } from '@/components/ui/Badge';
import { Button, ButtonLink } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { classes } from '@/components/ui/classes';
import { EmptyState } from '@/components/ui/EmptyState';
import { Field, TextArea } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { inputStyle } from '@/components/ui/inputStyle';
import { Pagination } from '@/components/ui/Pagination';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import { formatDate } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { may } from '@/server/may';
import { pageNumber, single } from '@/server/query';
import { authorVisit } from '@/studio/author';
import { createCourse } from '@/studio/course/actions';

const PAGE_SIZE = 20;
const tones = { draft: 'neutral', published: 'success', changed: 'warning' } as const;

export default async function StudioPage({ searchParams }: PageProps<'/studio'>) {
  const { t, call, locale, user } = await authorVisit('/studio');
  const mayCreate = may(user, 'course.create');
  const query = await searchParams;
  const search = (single(query.search) ?? '').trim().slice(0, 200);
  const page = pageNumber(query.page);
  const { data, problem } = await load(
    '/studio',
    backend().listStudioCourses({
      ...call,
      query: { page, pageSize: PAGE_SIZE, search: search || undefined },
    }),
  );
  const last = Math.max(1, Math.ceil((data?.total ?? 0) / PAGE_SIZE));
  const href = (number: number) =>
    `/studio?${new URLSearchParams({ ...(search ? { search } : {}), page: String(number) })}`;
  return (
    <Page area="studio" title={t('studio.title')} indexed={false}>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-5">
        <div>
          <h1 className="text-3xl">{t('studio.title')}</h1>
          <p className="mt-2 text-ink-soft">{t('studio.lead')}</p>
        </div>
        {may(user, 'import.run') && (
          <ButtonLink variant="secondary" href="/studio/imports">
            <Icon name="download" /> {t('studio.imports')}
          </ButtonLink>
        )}
      </div>
      <div className={classes('grid items-start gap-8', mayCreate && 'lg:grid-cols-[minmax(0,1fr)_20rem]')}>
        <section aria-label={t('studio.courses')}>
          {(data?.total ?? 0) + search.length > 0 && (
            <form action="/studio" className="mb-5 flex gap-2">
              <label htmlFor="search" className="sr-only">
                {t('studio.search')}
              </label>
              <input
                id="search"
                name="search"
                type="search"
                defaultValue={search}
                maxLength={200}
                placeholder={t('studio.search')}
                className={classes(inputStyle, 'h-10 max-w-sm')}
              />
              <Button
                type="submit"
                variant="secondary"
                aria-label={t('studio.searchSubmit')}
                className="px-3"
              >
                <Icon name="search" />
              </Button>
            </form>
          )}
          {problem && <ProblemPage problem={problem} />}
          {data?.total === 0 &&
            (search ? (
              <EmptyState
                title={t('studio.noResult')}
                action={
                  <ButtonLink variant="secondary" href="/studio">
                    {t('studio.clear')}
                  </ButtonLink>
                }
              />
            ) : (
              <EmptyState title={t('studio.empty')}>
                <p>{t(mayCreate ? 'studio.emptyLead' : 'studio.emptyReader')}</p>
              </EmptyState>
            ))}
          {data && data.total > 0 && (
            <ul className="divide-y divide-line rounded-xl border border-line bg-surface">
              {data.items.map((course) => (
                <li
                  key={course.id}
                  className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2 p-4 sm:px-5"
                >
                  <div className="min-w-0">
                    <a className="link font-semibold break-words" href={`/studio/courses/${course.id}`}>
                      {course.title}
                    </a>
                    <p className="mt-1 text-sm text-ink-soft">
                      {t('studio.enrolments', { count: course.enrolments })},{' '}
                      {t('studio.completed', { count: course.completed })}
                      {' · '}
                      {t('studio.updated', { date: formatDate(locale, course.updatedAt) })}
                    </p>
                  </div>
                  <span className="flex items-center gap-2 text-sm text-ink-soft">
                    {course.publishedVersion && t('studio.version', { number: course.publishedVersion })}
                    <Badge tone={tones[course.state]}>{t(`studio.state.${course.state}`)}</Badge>
                  </span>
                </li>
              ))}
            </ul>
          )}
          {data && (
            <Pagination
              page={page}
              pageSize={PAGE_SIZE}
              total={data.total}
              href={href}
              label={t('studio.pages')}
              previous={t('studio.previous')}
              next={t('studio.next')}
              position={t('studio.position', { page, last })}
            />
          )}
        </section>
        {mayCreate && (
          <Card>
            <h2 className="text-xl">{t('studio.newCourse')}</h2>
            <p className="mt-1 mb-5 text-sm text-ink-soft">{t('studio.newCourseLead')}</p>
            <Form
              id="new-course"
              action={createCourse}
              referenceLabel={t('problem.reference')}
              className="space-y-4"
            >
              <Field name="title" label={t('studio.courseTitle')} maxLength={200} required />
              <TextArea
                name="summary"
                label={t('studio.courseSummary')}
                hint={t('studio.courseSummaryHint')}
                optional={t('studio.optional')}
                rows={3}
                maxLength={1000}
              />
              <SubmitButton>{t('studio.create')}</SubmitButton>
            </Form>
          </Card>
        )}
      </div>
    </Page>
  );
}
