import type { CoursePage } from '@preau/contract/tenant/learning';
import { cover } from '@/components/course/cover';
import { courseOutline } from '@/components/course/outline';
import { type Answer, type Asked, formProblem, plainBody, refused } from '@/documents/document';
import { load } from '@/documents/load';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { alert, buttonLink, emptyState, progress, submitButton } from '@/html/parts';
import { formatDate, formatMinutes, formatPercent } from '@/i18n/format';
import { backend } from '@/server/backend';
import type { Visit } from '@/server/visitor';

/** A course: what it is about, its programme, how far one is. Its form enrols. */
export async function coursePage({ path, form, visit }: Asked, slug: string): Promise<Answer> {
  const params = { slug };
  let problem: Html | null = null;
  let status = 200;
  if (form) {
    const enrolled = await load(path, visit, backend().enrolMyself({ ...visit.call, params }));
    if ('to' in enrolled) return enrolled;
    if ('data' in enrolled) return { to: path };
    problem = formProblem(enrolled.problem, visit);
    status = enrolled.problem.status;
  }
  const loaded = await load(path, visit, backend().getCourse({ ...visit.call, params }));
  if ('to' in loaded) return loaded;
  if ('problem' in loaded) return refused(loaded.problem, 'catalogue', visit);
  const course = loaded.data;
  return {
    status,
    title: course.title,
    description: course.summary,
    area: course.enrolment ? 'courses' : 'catalogue',
    body: plainBody(content(course, visit, problem), visit),
  };
}

function content(course: CoursePage, visit: Visit, problem: Html | null): Html {
  const { t } = visit;
  const summary =
    course.summary && html`<p class="mt-4 max-w-measure text-lg text-ink-soft">${course.summary}</p>`;
  const learnt =
    course.objectives.length > 0 &&
    html`<section aria-labelledby="objectives"><h2 id="objectives" class="mb-4 text-xl">${t('course.objectives')}</h2><ul class="objectives">${course.objectives.map((objective) => html`<li>${icon('check')}<span>${objective}</span></li>`)}</ul></section>`;
  const programme =
    course.modules.length > 0
      ? html`<ol class="programme">${courseOutline(course.modules, course.enrolment !== null, visit)}</ol>`
      : emptyState(t('course.empty'));
  return html`<div class="grid gap-x-12 gap-y-10 lg:grid-cols-[minmax(0,1fr)_21rem]"><div class="lg:col-start-1"><h1 class="text-3xl">${course.title}</h1>${summary}</div><aside class="lg:col-start-2 lg:row-span-2 lg:row-start-1"><div class="overflow-hidden rounded-xl border border-line bg-surface lg:sticky lg:top-24">${cover(course.cover, course.slug)}<div class="space-y-5 p-5">${entrance(course, visit, problem)}${facts(course, visit)}</div></div></aside><div class="space-y-10">${learnt}<section aria-labelledby="outline"><h2 id="outline" class="mb-4 text-xl">${t('course.outline')}</h2>${programme}</section></div></div>`;
}

const large = { size: 'large', className: 'w-full' } as const;

/** How far one is and the one thing to do next, or how to get in. */
function entrance(course: CoursePage, visit: Visit, problem: Html | null): Html {
  const { t, user, site } = visit;
  const { enrolment } = course;
  if (!enrolment) {
    if (!course.selfEnrolment || site.state === 'read-only')
      return html`${problem}<p class="text-sm text-ink-soft">${t('course.closed')}</p>`;
    if (!user) return buttonLink(`/sign-in?next=/courses/${course.slug}`, t('course.enrolSignIn'), large);
    return html`<form id="enrol" method="post">${problem}${submitButton(t('course.enrol'), large)}</form>`;
  }
  if (enrolment.state === 'suspended') return alert('warning', t('course.suspended'));
  if (enrolment.state === 'expired') return alert('warning', t('course.expired'));
  return progressOf(course, enrolment, visit);
}

function progressOf(
  course: CoursePage,
  enrolment: NonNullable<CoursePage['enrolment']>,
  { t, locale }: Visit,
): Html {
  const target = enrolment.nextActivityId ?? course.modules[0]?.activities[0]?.id;
  const percent = formatPercent(locale, enrolment.percent);
  const done = enrolment.state === 'completed';
  const certified = done && enrolment.credentialCode;
  const completed =
    done &&
    enrolment.completedAt &&
    html`<p class="mt-2 text-sm text-success-text">${t('course.completedOn', { date: formatDate(locale, enrolment.completedAt) })}</p>`;
  const due =
    !done &&
    enrolment.dueAt &&
    html`<p class="mt-2 text-sm text-ink-soft">${t('course.dueOn', { date: formatDate(locale, enrolment.dueAt) })}</p>`;
  const certificate =
    certified && buttonLink(`/certificates/${enrolment.credentialCode}`, t('course.certificate'), large);
  const onward =
    target &&
    buttonLink(
      `/activities/${target}`,
      done ? t('course.review') : enrolment.percent > 0 ? t('course.continue') : t('course.start'),
      { ...large, variant: certified ? 'secondary' : 'primary' },
    );
  return html`<div><p class="mb-2 flex items-baseline justify-between text-sm"><span class="font-semibold">${t('course.progress')}</span><span class="text-ink-soft tabular-nums">${percent}</span></p>${progress(enrolment.percent, t('course.percent', { percent }))}${completed}${due}</div>${certificate}${onward}`;
}

/** What one should know before starting; nothing where nothing is said. */
function facts(course: CoursePage, { t }: Visit): Html | null {
  const said = [
    { term: t('course.duration'), text: formatMinutes(course.durationMinutes) },
    { term: t('course.audience'), text: course.audience },
    { term: t('course.prerequisites'), text: course.prerequisites },
    { term: t('course.attribution'), text: course.attribution },
  ].filter(({ text }) => text);
  if (said.length === 0) return null;
  return html`<dl class="facts">${said.map(({ term, text }) => html`<div><dt>${term}</dt><dd>${text}</dd></div>`)}</dl>`;
}
