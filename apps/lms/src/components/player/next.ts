import type { ActivityPage } from '@preau/contract/tenant/learning';
import { buttonStyle } from '@/components/ui/buttonStyle';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { buttonLink, submitButton } from '@/html/parts';
import type { Translate } from '@/i18n/translate';

/**
 * The one thing to do now, at the end of an activity; the way back beside it.
 * @param completes whether going on completes the lesson: a form of its own page; otherwise it is a plain link
 * @param refused what was said when that was tried
 */
export function nextAction(page: ActivityPage, t: Translate, completes: boolean, refused: Html | null): Html {
  const next = page.outline
    .flatMap((module) => module.activities)
    .find(({ id }) => id === page.nextActivityId);
  const open = next && !page.nextLocked;
  const back = page.previousActivityId
    ? html`<a id="previous" href="/activities/${page.previousActivityId}" class="${buttonStyle({ variant: 'quiet' })}">${icon('arrow-left')} ${t('player.previous')}</a>`
    : html`<span></span>`;
  const large = { id: 'next', size: 'large' } as const;
  const on = completes
    ? html`<form id="complete" method="post">${refused}<input type="hidden" name="course" value="${page.course.slug}"><input type="hidden" name="next" value="${page.nextActivityId}"><input type="hidden" name="locked" value="${page.nextLocked && 'yes'}">${submitButton(html`${icon('check')} ${next ? t('player.readAndNext') : t('player.finish')}`, large)}</form>`
    : open
      ? buttonLink(`/activities/${next.id}`, html`${t('player.next')} ${icon('arrow-right')}`, large)
      : page.course.credentialCode
        ? buttonLink(
            `/certificates/${page.course.credentialCode}`,
            html`${t('player.certificate')} ${icon('arrow-right')}`,
            large,
          )
        : buttonLink(`/courses/${page.course.slug}`, t('player.backToProgramme'), {
            ...large,
            variant: 'secondary',
          });
  const follows =
    next &&
    html`<p class="mt-3 text-right text-sm text-ink-soft">${open || completes ? t('player.nextTitle', { title: next.title }) : t('player.lockedNext')}</p>`;
  return html`<div class="flex flex-wrap items-center justify-between gap-4">${back}${on}</div>${follows}<p class="mt-6 hidden text-right text-xs text-ink-faint hover-able:block">${t('player.keyboard')}</p>`;
}

export const nextStyle = 'mt-12 border-t border-line pt-6';
