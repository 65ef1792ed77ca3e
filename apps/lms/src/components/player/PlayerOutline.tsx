import type { ActivityPage } from '@preau/contract/tenant/learning';
import { playerOutline } from '@/components/course/outline';
import { html } from '@/html/html';
import { icon } from '@/html/icon';
import { Static } from '@/html/Static';
import { formatPercent } from '@/i18n/format';
import type { Visit } from '@/server/visit';

/**
 * The course's outline beside what one reads. On a narrow screen it is a popover that the bar above opens; on a
 * wide one the same element simply stands there.
 */
export function PlayerOutline({ page, visit }: { page: ActivityPage; visit: Visit }) {
  const { t, locale } = visit;
  const percent = formatPercent(locale, page.course.percent);
  const content = html`<div class="player-course"><a href="/courses/${page.course.slug}">${icon('arrow-left')} ${t('player.backToCourse')}</a><p>${page.course.title}</p><div><progress value="${page.course.percent}" max="100" aria-label="${t('course.percent', { percent })}"></progress><span aria-hidden="true">${percent}</span></div></div><ol class="player-outline">${playerOutline(page.outline, page.id, visit)}</ol>`;
  return (
    <Static
      as="nav"
      id="outline"
      popover="auto"
      aria-label={t('player.outline')}
      className="inset-y-0 right-auto left-0 m-0 h-dvh max-h-none w-80 max-w-[85vw] overflow-y-auto border-0 border-r border-line bg-surface text-ink shadow-float backdrop:bg-scrim lg:sticky lg:top-16 lg:block lg:h-[calc(100dvh-4rem)] lg:w-80 lg:max-w-none lg:shrink-0 lg:shadow-none"
      content={content}
    />
  );
}
