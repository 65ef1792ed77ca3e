import { redirect } from 'next/navigation';
import { CourseGrid } from '@/components/course/CourseGrid';
import { Page } from '@/components/shell/Page';
import { ProblemPage } from '@/components/shell/ProblemPage';
import { Button, ButtonLink } from '@/components/ui/Button';
import { classes } from '@/components/ui/classes';
import { EmptyState } from '@/components/ui/EmptyState';
import { inputStyle } from '@/components/ui/inputStyle';
import { Pagination } from '@/components/ui/Pagination';
import { Icon } from '@/html/Icon';
import { backend } from '@/server/backend';
import { load } from '@/server/load';
import { pageNumber, single } from '@/server/query';
import { visit as currentVisit } from '@/server/visit';

const PAGE_SIZE = 24;

export default async function CataloguePage({ searchParams }: PageProps<'/catalogue'>) {
  const visit = await currentVisit();
  const { t, user, site, call } = visit;
  if (!user && site.catalogue === 'private') redirect('/sign-in?next=/catalogue');
  const query = await searchParams;
  const search = (single(query.search) ?? '').trim().slice(0, 200);
  const page = pageNumber(query.page);
  const answer = backend().listCourses({
    ...call,
    query: { page, pageSize: PAGE_SIZE, search: search || undefined },
  });
  const { data, problem } = await load('/catalogue', answer);
  const last = data ? Math.max(1, Math.ceil(data.total / PAGE_SIZE)) : 1;
  const href = (number: number) =>
    `/catalogue?${new URLSearchParams({ ...(search ? { search } : {}), page: String(number) })}`;
  return (
    <Page area="catalogue" title={t('catalogue.title')}>
      <div className="mb-8 flex flex-wrap items-end justify-between gap-x-8 gap-y-5">
        <div>
          <h1 className="text-3xl">{t('catalogue.title')}</h1>
          <p className="mt-2 text-ink-soft">{t('catalogue.lead', { name: site.name })}</p>
        </div>
        <form action="/catalogue" className="flex w-full gap-2 sm:w-auto">
          <label htmlFor="search" className="sr-only">
            {t('catalogue.search')}
          </label>
          <input
            id="search"
            name="search"
            type="search"
            defaultValue={search}
            maxLength={200}
            placeholder={t('catalogue.search')}
            className={classes(inputStyle, 'h-10 sm:w-72')}
          />
          <Button type="submit" variant="secondary" aria-label={t('catalogue.searchSubmit')} className="px-3">
            <Icon name="search" />
          </Button>
        </form>
      </div>
      {problem && <ProblemPage problem={problem} />}
      {data && data.total > 0 && (
        <>
          <h2 className="mb-5 font-sans text-sm font-normal tracking-normal text-ink-soft">
            {search
              ? t('catalogue.results', { count: data.total, search })
              : t('catalogue.count', { count: data.total })}
          </h2>
          <CourseGrid courses={data.items} visit={visit} />
          <Pagination
            page={page}
            pageSize={PAGE_SIZE}
            total={data.total}
            href={href}
            label={t('catalogue.pages')}
            previous={t('catalogue.previous')}
            next={t('catalogue.next')}
            position={t('catalogue.position', { page, last })}
          />
        </>
      )}
      {data?.total === 0 &&
        (search ? (
          <EmptyState
            title={t('catalogue.noResult')}
            action={
              <ButtonLink variant="secondary" href="/catalogue">
                {t('catalogue.clear')}
              </ButtonLink>
            }
          >
            <p>{t('catalogue.noResultLead')}</p>
          </EmptyState>
        ) : (
          <EmptyState title={t('catalogue.empty')}>
            <p>{t('catalogue.emptyLead')}</p>
          </EmptyState>
        ))}
    </Page>
  );
}
