import type { ActivityPage } from '@preau/contract/tenant/learning';
import { playerOutline } from '@/components/course/outline';
import { buttonStyle } from '@/components/ui/buttonStyle';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { alert, badge } from '@/html/parts';
import { formatMinutes, formatPercent } from '@/i18n/format';
import type { Visit } from '@/server/visitor';

/*
 * What stands around an activity: the outline on the left, what one reads in the middle. In pieces, because an open
 * quiz puts React between them (Player.tsx).
 */

/**
 * On a narrow screen the outline is a popover that the bar opens; on a wide one the same element simply stands
 * there.
 */
export const outlineStyle =
  'inset-y-0 right-auto left-0 m-0 h-dvh max-h-none w-80 max-w-[85vw] overflow-y-auto border-0 border-r border-line bg-surface text-ink shadow-float backdrop:bg-scrim lg:sticky lg:top-16 lg:block lg:h-[calc(100dvh-4rem)] lg:w-80 lg:max-w-none lg:shrink-0 lg:shadow-none';
export const barStyle = 'flex items-center gap-3 border-b border-line px-4 py-2 lg:hidden';
export const columnStyle = 'mx-auto w-full max-w-[48rem] px-4 py-8 sm:px-8 sm:py-12';
/** For what brings a layout of its own. */
export const wideColumnStyle = 'mx-auto w-full max-w-[80rem] px-4 py-6 sm:px-8 sm:py-8';

export function outline(page: ActivityPage, visit: Visit): Html {
  const { t, locale } = visit;
  const percent = formatPercent(locale, page.course.percent);
  return html`<div class="player-course"><a href="/courses/${page.course.slug}">${icon('arrow-left')} ${t('player.backToCourse')}</a><p>${page.course.title}</p><div><progress value="${page.course.percent}" max="100" aria-label="${t('course.percent', { percent })}"></progress><span aria-hidden="true">${percent}</span></div></div><ol class="player-outline">${playerOutline(page.outline, page.id, visit)}</ol>`;
}

export const outlineBar = (page: ActivityPage, { t }: Visit): Html =>
  html`<button type="button" popovertarget="outline" class="${buttonStyle({ variant: 'secondary', size: 'small' })}">${icon('list-tree')} ${t('player.showOutline')}</button><span class="truncate text-sm text-ink-soft">${page.course.title}</span>`;

/** What the activity is, and its name. */
export function heading(page: ActivityPage, { t }: Visit): Html {
  const minutes = formatMinutes(page.minutes);
  const state =
    page.state === 'completed'
      ? badge('success', t('player.done'))
      : page.state === 'failed'
        ? badge('warning', t('quiz.notPassed'))
        : null;
  return html`${page.preview && alert('info', t('player.preview'), 'mb-6')}<div class="mb-8"><p class="mb-2 flex flex-wrap items-center gap-3 text-sm text-ink-soft"><span>${t(`course.${page.type}`)}</span>${minutes && html`<span>${t('player.minutes', { minutes })}</span>`}${state}</p><h1 class="text-3xl">${page.title}</h1></div>`;
}

export const titleOf = (page: ActivityPage): string => `${page.title} · ${page.course.title}`;
