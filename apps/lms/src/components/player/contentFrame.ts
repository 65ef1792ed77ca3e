import { buttonStyle } from '@/components/ui/buttonStyle';
import { type Html, html } from '@/html/html';
import { alert } from '@/html/parts';
import type { Translate } from '@/i18n/translate';

/** Nothing of the page around it: an origin of its own that no other frame shares, no windows, no leading away. */
const SANDBOX = 'allow-scripts allow-forms';
const style =
  'absolute inset-0 size-full rounded-xl border border-line bg-white group-data-[state=loading]:bg-transparent';

/**
 * What strangers wrote, on the origin of content. documents/browser/package.ts loads it, so that loading and failing
 * can be said.
 */
export function contentFrame(url: string, title: string, t: Translate): Html {
  const failed = html`<p>${t('player.frameFailed')}</p><button type="button" class="${buttonStyle({ variant: 'secondary', size: 'small' })} mt-3">${t('player.frameAgain')}</button>`;
  return html`<div id="package" data-state="loading" class="group relative h-[calc(100dvh-13rem)] min-h-96"><p role="status" class="absolute inset-0 grid place-items-center text-ink-soft">${t('player.frameLoading')}</p><iframe data-src="${url}" title="${title}" sandbox="${SANDBOX}" allow="fullscreen" referrerpolicy="no-referrer" class="${style}"></iframe><noscript>${t('player.frameScripts')}</noscript><template>${alert('danger', failed)}</template></div>`;
}
