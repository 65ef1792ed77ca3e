import type { ProblemDetails } from '@preau/contract/problem';
import { type Html, html } from '@/html/html';
import { buttonLink } from '@/html/parts';
import type { Translate } from '@/i18n/translate';

/** What does not exist, or is not for this person: the same words for both. */
export function notFound(t: Translate): Html {
  return html`<div class="mx-auto max-w-xl py-10 text-center sm:py-16"><svg viewBox="0 0 200 90" class="mx-auto mb-8 h-28" fill="none" aria-hidden="true"><path class="fill-brand" d="M10 14h180v8H10z"/><path class="stroke-brand" stroke-width="8" d="M24 86V54a24 24 0 0 1 48 0v32M76 86V54a24 24 0 0 1 48 0v32M128 86V54a24 24 0 0 1 48 0v32"/><path class="fill-accent-soft stroke-accent" stroke-width="2" stroke-dasharray="5 5" d="M82 86V54a18 18 0 0 1 36 0v32Z"/></svg><h1 class="text-2xl">${t('problem.notFound.title')}</h1><p class="mt-4 text-ink-soft">${t('problem.notFound.detail')}</p><p class="mt-8">${buttonLink('/', t('problem.home'))}</p></div>`;
}

/** What the backend refused, where a whole page was asked for: the reason, the remedy, the reference. */
export function refusal(problem: ProblemDetails, t: Translate): Html {
  if (problem.status === 404) return notFound(t);
  const ours = problem.status >= 500;
  const reference =
    ours &&
    html`<p class="mt-4 text-sm text-ink-soft">${t('problem.reference')} <code>${problem.reference}</code></p>`;
  const remedy = ours
    ? buttonLink('', t('problem.retry'), { variant: 'secondary' })
    : buttonLink('/', t('problem.home'), { variant: 'secondary' });
  return html`<div class="mx-auto max-w-xl py-10 text-center sm:py-16"><h1 class="text-2xl">${problem.title}</h1><p class="mt-4 text-ink-soft">${problem.detail}</p>${reference}<p class="mt-8 flex flex-wrap justify-center gap-3">${remedy}</p></div>`;
}
