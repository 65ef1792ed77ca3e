import type { CourseCard } from '@preau/contract/tenant/learning';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { formatMinutes, formatPercent } from '@/i18n/format';
import type { Visit } from '@/server/visitor';
import { cover } from './cover';

/** Courses in a list: what each is, how long, how far one is. The whole card is the link. */
export const courseGrid = (courses: CourseCard[], visit: Visit): Html =>
  html`<ul class="courses">${courses.map((course) => card(course, visit))}</ul>`;

function card(course: CourseCard, visit: Visit): Html {
  const { t } = visit;
  const minutes = formatMinutes(course.durationMinutes);
  const facts = html`<p class="card-facts">${minutes && html`<span>${icon('clock')} ${minutes}</span>`}<span>${t('catalogue.activities', { count: course.activities })}</span></p>`;
  const summary = course.summary && html`<p class="card-summary">${course.summary}</p>`;
  return html`<li>${cover(course.cover, course.slug)}<div class="card-body"><h3><a href="/courses/${course.slug}">${course.title}</a></h3>${summary}${facts}${standing(course, visit)}</div></li>`;
}

function standing({ enrolment }: CourseCard, { t, locale }: Visit): Html | null {
  switch (enrolment?.state) {
    case undefined:
      return null;
    case 'completed':
      return html`<span class="card-state">${t('dashboard.done')}</span>`;
    case 'suspended':
      return html`<span class="card-state card-warning">${t('dashboard.suspended')}</span>`;
    case 'expired':
      return html`<span class="card-state card-warning">${t('dashboard.expired')}</span>`;
    case 'active': {
      const percent = formatPercent(locale, enrolment.percent);
      return html`<div class="card-progress"><progress value="${enrolment.percent}" max="100" aria-label="${t('course.percent', { percent })}"></progress><span aria-hidden="true">${percent}</span></div>`;
    }
  }
}
