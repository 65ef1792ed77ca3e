import type { Locale } from '@preau/contract/primitives';
import type { ActivityPage } from '@preau/contract/tenant/learning';
import { type Html, html } from '@/html/html';
import { icon } from '@/html/icon';
import { alert, badge, buttonLink, submitButton } from '@/html/parts';
import { formatPercent } from '@/i18n/format';
import { tightStyle } from '@/richText/content';
import type { Visit } from '@/server/visitor';

/**
 * Before a quiz: its rules, how often one may try, and the way in.
 * @param refused what was said when starting was tried
 */
export async function quizEntrance(
  page: ActivityPage,
  { t, locale }: Visit,
  refused: Html | null,
): Promise<Html> {
  const { quiz } = page;
  if (!quiz) return html`<p class="text-ink-soft">${t('player.noContent')}</p>`;
  const left = quiz.attemptsAllowed === null ? null : Math.max(0, quiz.attemptsAllowed - quiz.attemptsUsed);
  const exhausted = left === 0 && !quiz.openAttemptId;
  const tried = quiz.attemptsUsed > 0;
  const introduction = quiz.introduction && (await introductionOf(quiz.introduction, locale));
  const limit =
    quiz.timeLimitMinutes !== null &&
    html`<li>${icon('clock')} ${t('quiz.timeLimit', { minutes: quiz.timeLimitMinutes })}</li>`;
  const rules = html`<ul class="mt-3 space-y-2 text-ink-soft [&_svg]:size-5 [&_svg]:shrink-0 [&>li]:flex [&>li]:items-center [&>li]:gap-3"><li>${icon('target')} ${t('quiz.passMark', { percent: formatPercent(locale, quiz.passPercent) })}</li><li>${icon('repeat')} ${left === null ? t('quiz.attemptsUnlimited') : t('quiz.attemptsLeft', { count: left })}</li>${limit}</ul>`;
  const best =
    tried &&
    quiz.bestPercent !== null &&
    html`<p class="mt-4 flex flex-wrap items-center gap-3">${t('quiz.best', { percent: formatPercent(locale, quiz.bestPercent) })} ${badge(quiz.passed ? 'success' : 'warning', quiz.passed ? t('quiz.passed') : t('quiz.notPassed'))}</p>`;
  const start =
    !exhausted &&
    html`<form id="start" method="post">${refused}${submitButton(
      quiz.openAttemptId ? t('quiz.resume') : tried ? t('quiz.again') : t('quiz.start'),
      { size: 'large', variant: quiz.passed ? 'secondary' : 'primary' },
    )}</form>`;
  const last =
    quiz.lastAttemptId &&
    quiz.lastAttemptId !== quiz.openAttemptId &&
    buttonLink(`/activities/${page.id}/attempts/${quiz.lastAttemptId}`, t('quiz.lastResult'), {
      size: 'large',
      variant: 'secondary',
    });
  return html`${introduction}<div class="rounded-xl border border-line bg-surface p-5 sm:p-6"><p class="font-heading text-lg font-semibold">${t('quiz.questions', { count: quiz.questions })}</p>${rules}${best}${exhausted && !quiz.passed && alert('warning', t('quiz.exhausted'), 'mt-5')}<div class="mt-6 flex flex-wrap gap-3">${start}${last}</div></div>`;
}

/** What reads Markdown is as large as the rest of the process: it is loaded when the first quiz needs it. */
async function introductionOf(text: string, locale: Locale): Promise<Html> {
  const { markdown } = await import('@/richText/short');
  return html`<div class="mb-8"><div class="${tightStyle}">${markdown(text, locale)}</div></div>`;
}
