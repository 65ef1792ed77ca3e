import type { Dashboard } from '@preau/contract/tenant/learning';
import { cover } from '@/components/course/cover';
import { courseGrid } from '@/components/course/grid';
import { type Answer, type Asked, plainBody, refused } from '@/documents/document';
import { load } from '@/documents/load';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { buttonLink, emptyState, progress } from '@/html/parts';
import { formatDate, formatPercent } from '@/i18n/format';
import { backend } from '@/server/backend';
import type { Visit } from '@/server/visitor';

/** Somebody's courses; visitors see the catalogue, or the way in where it is private. */
export async function homePage({ visit }: Asked): Promise<Answer> {
  const { t, user, site, call } = visit;
  if (!user) return { to: site.catalogue === 'public' ? '/catalogue' : '/sign-in' };
  const loaded = await load('/', visit, backend().getDashboard(call));
  if ('to' in loaded) return loaded;
  if ('problem' in loaded) return refused(loaded.problem, 'courses', visit);
  const [first = user.name] = user.name.trim().split(/\s+/);
  const content = html`<h1 class="mb-8 text-3xl">${t('dashboard.greeting', { name: first })}</h1>${resume(loaded.data, visit)}${courses(loaded.data, visit)}${certificates(loaded.data, visit)}`;
  return { status: 200, title: t('dashboard.title'), area: 'courses', body: plainBody(content, visit) };
}

/** Where one stopped, and the way back there. */
function resume({ resume }: Dashboard, { t, locale }: Visit): Html | null {
  if (!resume) return null;
  const { course, activityTitle, activityId } = resume;
  const percent = course.enrolment && formatPercent(locale, course.enrolment.percent);
  const bar =
    course.enrolment &&
    percent &&
    html`<div class="flex max-w-md items-center gap-3">${progress(course.enrolment.percent, t('course.percent', { percent }))}<span class="text-sm font-semibold tabular-nums" aria-hidden="true">${percent}</span></div>`;
  return html`<section aria-labelledby="resume" class="mb-12 grid overflow-hidden rounded-xl border border-line bg-surface md:grid-cols-[1fr_20rem]"><div class="flex flex-col gap-4 p-6 sm:p-8"><div><h2 id="resume" class="text-xl">${course.title}</h2><p class="mt-2 text-ink-soft">${t('dashboard.resumeLead')} <strong class="text-ink">${activityTitle}</strong></p></div>${bar}<p class="mt-auto pt-2">${buttonLink(`/activities/${activityId}`, html`${icon('play')} ${t('dashboard.resume')}`, { size: 'large' })}</p></div><div class="order-first *:h-full md:order-last md:*:aspect-auto">${cover(course.cover, course.slug)}</div></section>`;
}

function courses({ courses }: Dashboard, visit: Visit): Html {
  const { t } = visit;
  if (courses.length === 0)
    return emptyState(
      t('dashboard.empty'),
      t('dashboard.emptyLead'),
      buttonLink('/catalogue', t('dashboard.browse')),
    );
  const group = (id: string, title: string, completed: boolean): Html | null => {
    const some = courses.filter(({ enrolment }) => (enrolment?.state === 'completed') === completed);
    if (some.length === 0) return null;
    return html`<section aria-labelledby="${id}"><h2 id="${id}" class="mb-5 text-xl">${title}</h2>${courseGrid(some, visit)}</section>`;
  };
  return html`<div class="space-y-12">${group('running', t('dashboard.inProgress'), false)}${group('completed', t('dashboard.completed'), true)}</div>`;
}

function certificates({ credentials }: Dashboard, { t, locale }: Visit): Html | null {
  if (credentials.length === 0) return null;
  const items = credentials.map(
    ({ code, courseTitle, issuedAt }) =>
      html`<li><a href="/certificates/${code}" class="flex items-center gap-4 p-4 text-ink no-underline hover:bg-sunken sm:px-6">${icon('award', 'size-6 shrink-0 text-brand-text')}<span class="min-w-0 flex-1"><span class="block font-semibold">${courseTitle}</span><span class="block text-sm text-ink-soft">${t('dashboard.issued', { date: formatDate(locale, issuedAt) })}</span></span>${icon('chevron-right', 'size-5 shrink-0 text-ink-faint')}</a></li>`,
  );
  return html`<section aria-labelledby="certificates" class="mt-12"><h2 id="certificates" class="mb-5 text-xl">${t('dashboard.certificates')}</h2><ul class="divide-y divide-line overflow-hidden rounded-xl border border-line bg-surface">${items}</ul></section>`;
}
