import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Badge } from '@/components/ui/Badge';
import { Button, ButtonLink } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { EmptyState } from '@/components/ui/EmptyState';
import { Field, Select } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { Pagination } from '@/components/ui/Pagination';
import { SearchField } from '@/components/ui/SearchField';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import { formatDate, formatPercent } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { may } from '@/server/may';
import { pageNumber, single } from '@/server/query';
import { administratorVisit } from '@/studio/author';
import { enrolTeam } from '@/team/actions';
import { Choice } from '@/team/Choice';

const PAGE_SIZE = 25;
const path = '/team';
const tones = { active: 'info', completed: 'success', suspended: 'warning', expired: 'neutral' } as const;

/** What a manager's people study: how far they are, by when, and what they have earned. */
export default async function TeamPage({ searchParams }: PageProps<'/team'>) {
  const { t, call, locale, user } = await administratorVisit(path, 'progress.read');
  const query = await searchParams;
  const search = (single(query.search) ?? '').trim().slice(0, 200);
  const page = pageNumber(query.page);
  const { data, problem } = await load(
    path,
    backend().listTeam({ ...call, query: { page, pageSize: PAGE_SIZE, search: search || undefined } }),
  );
  if (problem) {
    return (
      <Page area="team" title={problem.title} indexed={false}>
        <ProblemPage problem={problem} />
      </Page>
    );
  }
  const { items, total, summary, courses } = data;
  const last = Math.max(1, Math.ceil(total / PAGE_SIZE));
  const mayExport = may(user, 'export.personal-data', { team: true });
  const figures = (['people', 'active', 'completed', 'overdue'] as const).map(
    (name) => [t(`team.${name}`), summary[name]] as const,
  );
  return (
    <Page area="team" title={t('team.title')} indexed={false}>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-4">
        <div>
          <h1 className="text-3xl">{t('team.title')}</h1>
          <p className="mt-2 max-w-prose text-ink-soft">{t('team.lead')}</p>
        </div>
        {mayExport && summary.people > 0 && (
          <ButtonLink variant="secondary" href={`${path}/export`} download>
            <Icon name="download" /> {t('team.export')}
          </ButtonLink>
        )}
      </div>
      {summary.people === 0 ? (
        <EmptyState title={t('team.empty')}>
          <p>{t('team.emptyLead')}</p>
        </EmptyState>
      ) : (
        <>
          <dl className="mb-8 grid grid-cols-2 gap-4 sm:grid-cols-4">
            {figures.map(([label, value]) => (
              <div key={label} className="rounded-xl border border-line bg-surface p-4">
                <dt className="text-sm text-ink-soft">{label}</dt>
                <dd className="font-heading text-2xl font-semibold tabular-nums">{value}</dd>
              </div>
            ))}
          </dl>
          <div className="grid items-start gap-8 lg:grid-cols-[minmax(0,1fr)_22rem]">
            <section aria-label={t('team.people')}>
              <form action={path} className="mb-4 flex flex-wrap items-end gap-3">
                <SearchField label={t('team.search')} value={search} />
                <Button type="submit" variant="secondary">
                  {t('team.filter')}
                </Button>
              </form>
              {items.length === 0 ? (
                <EmptyState title={t('team.noResult')} />
              ) : (
                <ul className="space-y-4">
                  {items.map((member) => (
                    <li key={member.id} className="rounded-xl border border-line bg-surface p-5">
                      <h2 className="text-lg break-words">{member.name}</h2>
                      <p className="text-sm break-all text-ink-soft">{member.email}</p>
                      {member.enrolments.length === 0 ? (
                        <p className="mt-3 text-sm text-ink-soft">{t('team.nothing')}</p>
                      ) : (
                        <ul className="mt-3 divide-y divide-line border-t border-line text-sm">
                          {member.enrolments.map((each) => {
                            const percent = formatPercent(locale, each.percent);
                            return (
                              <li key={each.id} className="space-y-2 py-3">
                                <p className="flex flex-wrap items-center justify-between gap-2">
                                  <span className="min-w-0 font-semibold break-words">
                                    {each.course.title}
                                  </span>
                                  <span className="flex gap-2">
                                    {each.overdue && <Badge tone="danger">{t('team.late')}</Badge>}
                                    <Badge tone={tones[each.state]}>
                                      {t(`learners.state.${each.state}`)}
                                    </Badge>
                                  </span>
                                </p>
                                <p className="flex items-center gap-3">
                                  <progress
                                    className="grow"
                                    value={each.percent}
                                    max={100}
                                    aria-label={t('team.percentOf', { course: each.course.title, percent })}
                                  />
                                  <span className="tabular-nums" aria-hidden="true">
                                    {percent}
                                  </span>
                                </p>
                                <p className="flex flex-wrap gap-x-4 gap-y-1 text-ink-soft">
                                  {each.dueAt && (
                                    <span>{t('team.due', { date: formatDate(locale, each.dueAt) })}</span>
                                  )}
                                  <span>
                                    {each.lastSeenAt
                                      ? t('team.seen', { date: formatDate(locale, each.lastSeenAt) })
                                      : t('team.neverSeen')}
                                  </span>
                                  {each.completedAt && (
                                    <span>
                                      {t('team.ended', { date: formatDate(locale, each.completedAt) })}
                                    </span>
                                  )}
                                  {each.certificate && (
                                    <a className="link" href={`/verify/${each.certificate}`}>
                                      {t('team.certificate')}
                                    </a>
                                  )}
                                </p>
                              </li>
                            );
                          })}
                        </ul>
                      )}
                    </li>
                  ))}
                </ul>
              )}
              <Pagination
                page={page}
                pageSize={PAGE_SIZE}
                total={total}
                href={(number) =>
                  `${path}?${new URLSearchParams({ ...(search ? { search } : {}), page: String(number) })}`
                }
                label={t('studio.pages')}
                previous={t('studio.previous')}
                next={t('studio.next')}
                position={t('studio.position', { page, last })}
              />
            </section>
            {courses.length > 0 && items.length > 0 && (
              <Card>
                <h2 className="text-xl">{t('team.enrol')}</h2>
                <p className="mt-1 mb-4 text-sm text-ink-soft">{t('team.enrolLead')}</p>
                <Form
                  id="team"
                  action={enrolTeam}
                  referenceLabel={t('problem.reference')}
                  resetOnSuccess
                  className="space-y-4"
                >
                  <Select name="courseId" label={t('team.course')} required>
                    {courses.map(({ id, title }) => (
                      <option key={id} value={id}>
                        {title}
                      </option>
                    ))}
                  </Select>
                  <Choice label={t('team.whom')} people={items} />
                  <Field
                    name="dueAt"
                    type="date"
                    label={t('team.dueField')}
                    optional={t('studio.optional')}
                  />
                  <SubmitButton>{t('team.submit')}</SubmitButton>
                </Form>
              </Card>
            )}
          </div>
        </>
      )}
    </Page>
  );
}
