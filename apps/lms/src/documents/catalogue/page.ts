import type { CourseCard } from '@preau/contract/tenant/learning';
import { courseGrid } from '@/components/course/grid';
import { refusal } from '@/components/shell/refusal';
import { buttonStyle } from '@/components/ui/buttonStyle';
import { inputStyle } from '@/components/ui/inputStyle';
import { type Answer, type Asked, plainBody } from '@/documents/document';
import { load } from '@/documents/load';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { buttonLink, emptyState, pagination } from '@/html/parts';
import { backend } from '@/server/backend';
import { pageNumber } from '@/server/query';
import type { Visit } from '@/server/visitor';

const PAGE_SIZE = 24;

/** The courses of the platform, found by their words. */
export async function cataloguePage({ query, visit }: Asked): Promise<Answer> {
  const { t, user, site, call } = visit;
  if (!user && site.catalogue === 'private') return { to: '/sign-in?next=/catalogue' };
  const search = (query.get('search') ?? '').trim().slice(0, 200);
  const page = pageNumber(query.get('page') ?? undefined);
  const asked = { page, pageSize: PAGE_SIZE, search: search || undefined };
  const loaded = await load('/catalogue', visit, backend().listCourses({ ...call, query: asked }));
  if ('to' in loaded) return loaded;
  const problem = 'problem' in loaded ? loaded.problem : null;
  const found = 'data' in loaded ? list(loaded.data, search, page, visit) : refusal(loaded.problem, t);
  const content = html`<div class="mb-8 flex flex-wrap items-end justify-between gap-x-8 gap-y-5"><div><h1 class="text-3xl">${t('catalogue.title')}</h1><p class="mt-2 text-ink-soft">${t('catalogue.lead', { name: site.name })}</p></div><form action="/catalogue" class="flex w-full gap-2 sm:w-auto"><label for="search" class="sr-only">${t('catalogue.search')}</label><input id="search" name="search" type="search" value="${search}" maxlength="200" placeholder="${t('catalogue.search')}" class="${inputStyle} h-10 sm:w-72"><button type="submit" aria-label="${t('catalogue.searchSubmit')}" class="${buttonStyle({ variant: 'secondary' })} px-3">${icon('search')}</button></form></div>${found}`;
  return {
    status: problem?.status ?? 200,
    title: t('catalogue.title'),
    area: 'catalogue',
    body: plainBody(content, visit),
  };
}

function list(
  { items, total }: { items: CourseCard[]; total: number },
  search: string,
  page: number,
  visit: Visit,
): Html {
  const { t } = visit;
  if (total === 0)
    return search
      ? emptyState(
          t('catalogue.noResult'),
          t('catalogue.noResultLead'),
          buttonLink('/catalogue', t('catalogue.clear'), { variant: 'secondary' }),
        )
      : emptyState(t('catalogue.empty'), t('catalogue.emptyLead'));
  const count = search
    ? t('catalogue.results', { count: total, search })
    : t('catalogue.count', { count: total });
  return html`<h2 class="mb-5 font-sans text-sm font-normal tracking-normal text-ink-soft">${count}</h2>${courseGrid(items, visit)}${pages(page, total, search, visit)}`;
}

function pages(page: number, total: number, search: string, { t }: Visit): Html | null {
  const last = Math.max(1, Math.ceil(total / PAGE_SIZE));
  return pagination({
    page,
    pageSize: PAGE_SIZE,
    total,
    href: (number) =>
      `/catalogue?${new URLSearchParams({ ...(search ? { search } : {}), page: String(number) })}`,
    label: t('catalogue.pages'),
    previous: t('catalogue.previous'),
    next: t('catalogue.next'),
    position: t('catalogue.position', { page, last }),
  });
}
