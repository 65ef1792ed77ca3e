import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Alert } from '@/components/ui/Alert';
import { Badge } from '@/components/ui/Badge';
import { Button, ButtonLink } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { classes } from '@/components/ui/classes';
import { EmptyState } from '@/components/ui/EmptyState';
import { Form } from '@/components/ui/Form';
import { inputStyle } from '@/components/ui/inputStyle';
import { Pagination } from '@/components/ui/Pagination';
import { SearchField } from '@/components/ui/SearchField';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import { formatDate, formatInstant, formatPercent } from '@/i18n/format';
import { Messages } from '@/i18n/Messages';
import { messagesOf } from '@/i18n/translate';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { mayWith } from '@/server/may';
import { pageNumber, single } from '@/server/query';
import { authorVisit } from '@/studio/author';
import { CourseFrame } from '@/studio/course/CourseFrame';
import { endEnrolment } from '@/studio/learners/actions';
import { EnrolForm } from '@/studio/learners/EnrolForm';
import { Histogram } from '@/studio/learners/Histogram';

const PAGE_SIZE = 25;
const states = ['active', 'completed', 'suspended', 'expired'] as const;
const tones = { active: 'info', completed: 'success', suspended: 'warning', expired: 'neutral' } as const;

export default async function LearnersPage({
  params,
  searchParams,
}: PageProps<'/studio/courses/[courseId]/learners'>) {
  const { courseId } = await params;
  const query = await searchParams;
  const path = `/studio/courses/${courseId}/learners`;
  const { t, call, locale, user } = await authorVisit(path);
  const search = (single(query.search) ?? '').trim().slice(0, 200);
  const state = states.find((one) => one === single(query.state));
  const page = pageNumber(query.page);
  const { data, problem } = await load(
    path,
    Promise.all([
      backend().getStudioCourse({ ...call, params: { courseId } }),
      backend().listEnrolments({
        ...call,
        params: { courseId },
        query: { page, pageSize: PAGE_SIZE, search: search || undefined, state },
      }),
    ]),
  );
  if (problem) {
    return (
      <Page area="studio" title={problem.title} indexed={false}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const [course, list] = data;
  const may = mayWith(user, course);
  const manages = may('enrolment.manage');
  const filters = { ...(search ? { search } : {}), ...(state ? { state } : {}) };
  const filtered = search !== '' || state !== undefined;
  const last = Math.max(1, Math.ceil(list.total / PAGE_SIZE));
  const exported = `${path}/export?${new URLSearchParams(filters)}`;
  const figures = [
    [t('learners.active'), String(list.summary.active)],
    [t('learners.completed'), String(list.summary.completed)],
    [t('learners.average'), formatPercent(locale, list.summary.averagePercent)],
  ];
  return (
    <CourseFrame course={course} part="learners">
      <div className="mb-8 grid items-start gap-6 lg:grid-cols-2">
        {manages && (
          <Card>
            <h2 className="text-xl">{t('learners.enrol')}</h2>
            {course.published ? (
              <>
                <p className="mt-1 mb-4 text-sm text-ink-soft">{t('learners.enrolLead')}</p>
                <Messages locale={locale} messages={messagesOf(locale, ['learners'])}>
                  <EnrolForm courseId={course.id} referenceLabel={t('problem.reference')} />
                </Messages>
              </>
            ) : (
              <Alert tone="info" className="mt-4">
                {t('learners.publishFirst')}
              </Alert>
            )}
          </Card>
        )}
        <Card>
          <dl className="mb-6 grid grid-cols-3 gap-4">
            {figures.map(([label, value]) => (
              <div key={label}>
                <dt className="text-sm text-ink-soft">{label}</dt>
                <dd className="font-heading text-2xl font-semibold tabular-nums">{value}</dd>
              </div>
            ))}
          </dl>
          <Histogram counts={list.histogram} />
        </Card>
      </div>
      <div className="mb-4 flex flex-wrap items-end justify-between gap-4">
        <form action={path} className="flex flex-wrap items-end gap-3">
          <SearchField label={t('learners.search')} value={search} />
          <label className="grid gap-1 text-sm font-semibold">
            {t('learners.stateLabel')}
            <select
              name="state"
              defaultValue={state ?? ''}
              className={classes(inputStyle, 'h-10 font-normal')}
            >
              <option value="">{t('learners.all')}</option>
              {states.map((one) => (
                <option key={one} value={one}>
                  {t(`learners.state.${one}`)}
                </option>
              ))}
            </select>
          </label>
          <Button type="submit" variant="secondary">
            {t('learners.filter')}
          </Button>
        </form>
        {may('export.personal-data') && (
          <ButtonLink variant="secondary" href={exported} download>
            <Icon name="download" /> {t('learners.export')}
          </ButtonLink>
        )}
      </div>
      {list.total === 0 ? (
        <EmptyState title={filtered ? t('learners.noResult') : t('learners.empty')}>
          {!filtered && manages && <p>{t('learners.emptyLead')}</p>}
        </EmptyState>
      ) : (
        <section
          className="overflow-x-auto rounded-xl border border-line bg-surface"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than the screen is scrolled by keyboard
          tabIndex={0}
          aria-label={t('learners.title')}
        >
          <table className="w-full text-left text-sm">
            <thead className="border-b border-line text-ink-soft">
              <tr>
                {[
                  t('learners.name'),
                  t('learners.stateLabel'),
                  t('learners.progress'),
                  t('learners.where'),
                  t('learners.lastSeen'),
                  t('learners.enrolled'),
                  ...(manages ? [t('learners.end')] : []),
                ].map((label) => (
                  <th key={label} scope="col" className="px-4 py-3 font-semibold whitespace-nowrap">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {list.items.map((row) => (
                <tr key={row.id}>
                  <th scope="row" className="px-4 py-3 font-semibold">
                    {row.user.name}
                    <span className="block font-normal break-all text-ink-soft">{row.user.email}</span>
                  </th>
                  <td className="px-4 py-3">
                    <Badge tone={tones[row.state]}>{t(`learners.state.${row.state}`)}</Badge>
                  </td>
                  <td className="px-4 py-3 tabular-nums">{formatPercent(locale, row.percent)}</td>
                  <td className="px-4 py-3">{row.currentActivity ?? '–'}</td>
                  <td className="px-4 py-3 whitespace-nowrap">
                    {row.lastSeenAt ? formatInstant(locale, row.lastSeenAt) : t('learners.never')}
                  </td>
                  <td className="px-4 py-3 whitespace-nowrap">{formatDate(locale, row.enrolledAt)}</td>
                  {manages && (
                    <td className="px-4 py-3">
                      {row.state === 'active' && (
                        <Form
                          id={`end-${row.id}`}
                          action={endEnrolment}
                          referenceLabel={t('problem.reference')}
                        >
                          <input type="hidden" name="enrolmentId" value={row.id} />
                          <SubmitButton
                            variant="quiet"
                            size="small"
                            aria-label={t('learners.endOf', { name: row.user.name })}
                          >
                            {t('learners.end')}
                          </SubmitButton>
                        </Form>
                      )}
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      <Pagination
        page={page}
        pageSize={PAGE_SIZE}
        total={list.total}
        href={(number) => `${path}?${new URLSearchParams({ ...filters, page: String(number) })}`}
        label={t('studio.pages')}
        previous={t('studio.previous')}
        next={t('studio.next')}
        position={t('studio.position', { page, last })}
      />
    </CourseFrame>
  );
}
