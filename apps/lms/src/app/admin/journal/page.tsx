import { operations } from '@preau/contract';
import type { TenantEntry } from '@preau/contract/audit';
import { AdminFrame } from '@/administration/AdminFrame';
import { verifyJournal } from '@/administration/journalActions';
import { actorOf, storyOf } from '@/administration/story';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Badge } from '@/components/ui/Badge';
import { Button, ButtonLink } from '@/components/ui/Button';
import { Card } from '@/components/ui/Card';
import { classes } from '@/components/ui/classes';
import { EmptyState } from '@/components/ui/EmptyState';
import { Form } from '@/components/ui/Form';
import { inputStyle } from '@/components/ui/inputStyle';
import { Pagination } from '@/components/ui/Pagination';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import { formatInstant } from '@/i18n/format';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { pageNumber, single } from '@/server/query';
import type { Visit } from '@/server/visit';
import { administratorVisit } from '@/studio/author';

const PATH = '/admin/journal';
const PAGE_SIZE = 25;
const areas = [
  'session',
  'password',
  'factor',
  'person',
  'role',
  'invitation',
  'enrolment',
  'attempt',
  'course',
  'import',
  'file',
  'settings',
  'certificate',
  'support',
  'log',
] as const;

/** The filters in an address; what the API would refuse counts as not given. */
function filtersOf(query: Record<string, string | string[] | undefined>): Record<string, string> {
  const { shape } = operations.listJournal.query;
  const filters: Record<string, string> = {};
  for (const name of ['person', 'action', 'from', 'until', 'access'] as const) {
    const value = (single(query[name]) ?? '').trim();
    if (value && shape[name].safeParse(value).success) filters[name] = value;
  }
  return filters;
}

export default async function JournalPage({ searchParams }: PageProps<'/admin/journal'>) {
  const visit = await administratorVisit(PATH, 'audit.read');
  const { t, call } = visit;
  const query = await searchParams;
  const filters = filtersOf(query);
  const page = pageNumber(query.page);
  const { data, problem } = await load(
    PATH,
    backend().listJournal({ ...call, query: { ...filters, page, pageSize: PAGE_SIZE } }),
  );
  if (problem) {
    return (
      <AdminFrame part="journal">
        <ProblemPage problem={problem} />
      </AdminFrame>
    );
  }
  const filtered = Object.keys(filters).length > 0;
  const last = Math.max(1, Math.ceil(data.total / PAGE_SIZE));
  const exportHref = (format: string) => `${PATH}/export?${new URLSearchParams({ ...filters, format })}`;
  const field = classes(inputStyle, 'h-10 w-full min-w-0 font-normal');
  return (
    <AdminFrame part="journal">
      <p className="-mt-3 mb-6 max-w-3xl text-ink-soft">{t('journal.lead')}</p>
      <div className="grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_20rem]">
        <section aria-label={t('journal.title')}>
          <form action={PATH} className="mb-4 grid grid-cols-2 items-end gap-3 sm:flex sm:flex-wrap">
            <label className="col-span-2 grid gap-1 text-sm font-semibold sm:w-44">
              {t('journal.person')}
              <input
                name="person"
                type="search"
                defaultValue={filters.person}
                maxLength={200}
                className={field}
              />
            </label>
            <label className="col-span-2 grid gap-1 text-sm font-semibold sm:w-48">
              {t('journal.area')}
              <select name="action" defaultValue={filters.action ?? ''} className={field}>
                <option value="">{t('journal.all')}</option>
                {areas.map((area) => (
                  <option key={area} value={`${area}.`}>
                    {t(`journal.areas.${area}`)}
                  </option>
                ))}
              </select>
            </label>
            <label className="grid min-w-0 gap-1 text-sm font-semibold">
              {t('journal.from')}
              <input name="from" type="date" defaultValue={filters.from} className={field} />
            </label>
            <label className="grid min-w-0 gap-1 text-sm font-semibold">
              {t('journal.until')}
              <input name="until" type="date" defaultValue={filters.until} className={field} />
            </label>
            {filters.access && <input type="hidden" name="access" value={filters.access} />}
            <Button type="submit" variant="secondary">
              {t('journal.filter')}
            </Button>
            {filtered && (
              <ButtonLink href={PATH} variant="quiet">
                {t('journal.clear')}
              </ButtonLink>
            )}
          </form>
          <p className="mb-3 text-sm text-ink-soft">
            {t('journal.total', { count: data.total })}
            {filters.access && ` · ${t('journal.onlyAccess')}`}
          </p>
          {data.total === 0 ? (
            <EmptyState title={t(filtered ? 'journal.noResult' : 'journal.empty')}>
              {t(filtered ? 'journal.noResultLead' : 'journal.emptyLead')}
            </EmptyState>
          ) : (
            <ol className="divide-y divide-line rounded-xl border border-line bg-surface">
              {data.items.map((entry) => (
                <Entry key={entry.id} visit={visit} entry={entry} />
              ))}
            </ol>
          )}
          <Pagination
            page={page}
            pageSize={PAGE_SIZE}
            total={data.total}
            href={(number) => `${PATH}?${new URLSearchParams({ ...filters, page: String(number) })}`}
            label={t('studio.pages')}
            previous={t('studio.previous')}
            next={t('studio.next')}
            position={t('studio.position', { page, last })}
          />
        </section>
        <div className="grid gap-6 sm:grid-cols-2 xl:grid-cols-1">
          <Card>
            <h2 className="text-xl">{t('journal.integrity')}</h2>
            <p className="mt-1 mb-4 text-sm text-ink-soft">{t('journal.integrityLead')}</p>
            <Form id="verify" action={verifyJournal} referenceLabel={t('problem.reference')}>
              <SubmitButton variant="secondary">{t('journal.verify')}</SubmitButton>
            </Form>
          </Card>
          <Card>
            <h2 className="text-xl">{t('journal.export')}</h2>
            <p className="mt-1 mb-4 text-sm text-ink-soft">{t('journal.exportLead')}</p>
            <div className="flex flex-col items-start gap-2">
              <ButtonLink href={exportHref('jsonl')} variant="secondary" download>
                <Icon name="download" /> {t('journal.exportJsonl')}
              </ButtonLink>
              <ButtonLink href={exportHref('csv')} variant="secondary" download>
                <Icon name="download" /> {t('journal.exportCsv')}
              </ButtonLink>
            </div>
          </Card>
        </div>
      </div>
    </AdminFrame>
  );
}

function Entry({ visit, entry }: { visit: Visit; entry: TenantEntry }) {
  const { t, locale } = visit;
  const { sentence, notes } = storyOf(visit, entry);
  const facts: [string, string | null, boolean?][] = [
    [t('journal.person'), `${actorOf(visit, entry.actor)} (${t(`journal.actors.${entry.actor.kind}`)})`],
    [t('journal.email'), entry.email],
    [t('journal.address'), entry.address ?? t('journal.noAddress'), entry.address !== null],
    [t('journal.target'), entry.target, true],
    [t('journal.request'), entry.requestId, true],
    [t('journal.hash'), entry.hash, true],
  ];
  return (
    <li className="px-4 py-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-0.5">
        <p className="min-w-0 font-semibold break-words">
          {sentence} {entry.actor.kind === 'staff' && <Badge tone="warning">{t('journal.bySupport')}</Badge>}
        </p>
        <time dateTime={entry.at} className="text-sm whitespace-nowrap text-ink-soft tabular-nums">
          {formatInstant(locale, entry.at)}
        </time>
      </div>
      {notes.length > 0 && <p className="text-sm break-words text-ink-soft">{notes.join(' · ')}</p>}
      {entry.note && (
        <p className="mt-1 text-sm break-words italic">
          <q>{entry.note}</q>
        </p>
      )}
      <details className="mt-1 text-sm">
        <summary className="w-fit cursor-pointer text-ink-soft hover:text-ink">
          {t('journal.details')}
        </summary>
        <dl className="mt-2 grid gap-x-6 gap-y-1.5 sm:grid-cols-[10rem_minmax(0,1fr)]">
          <dt className="text-ink-soft">{t('journal.entry', { seq: entry.seq })}</dt>
          <dd>
            <code className="text-xs">{entry.action}</code>
          </dd>
          {facts.map(
            ([label, value, code]) =>
              value && (
                <div key={label} className="contents">
                  <dt className="text-ink-soft">{label}</dt>
                  <dd className="break-all">{code ? <code className="text-xs">{value}</code> : value}</dd>
                </div>
              ),
          )}
        </dl>
      </details>
    </li>
  );
}
