/** The parts of `components/ui` that templates use too, of the same looks. */
import { type ButtonStyle, buttonStyle } from '@/components/ui/buttonStyle';
import { classes } from '@/components/ui/classes';
import { type Html, html } from './html';
import { icon } from './icon';

const alertIcons = {
  info: 'info',
  success: 'completed',
  warning: 'triangle-alert',
  danger: 'failed',
} as const;
type Tone = keyof typeof alertIcons;

/** Something the reader should know; what was refused takes the focus once it is there. */
export function alert(tone: Tone, content: Html | string, className = ''): Html {
  const role = tone === 'danger' ? 'alert' : 'status';
  return html`<div role="${role}"${tone === 'danger' && html` tabindex="-1"`} class="${classes('alert', `tone-${tone}`, className)}">${icon(alertIcons[tone])}<div>${content}</div></div>`;
}

export const badge = (tone: Tone, text: string): Html =>
  html`<span class="badge tone-${tone}">${text}</span>`;

interface LinkOptions extends ButtonStyle {
  id?: string;
  className?: string;
}

/** A link that looks like a button. */
export function buttonLink(href: string, content: Html | string, options: LinkOptions = {}): Html {
  const { id, className, ...style } = options;
  return html`<a href="${href}"${id ? html` id="${id}"` : null} class="${classes(buttonStyle(style), className)}">${content}</a>`;
}

/** Sends the form around it. */
export function submitButton(content: Html | string, options: LinkOptions = {}): Html {
  const { id, className, ...style } = options;
  return html`<button type="submit"${id ? html` id="${id}"` : null} class="${classes(buttonStyle(style), className)}">${content}</button>`;
}

export const progress = (percent: number, label: string): Html =>
  html`<progress value="${percent}" max="100" aria-label="${label}"></progress>`;

interface PagesOfList {
  page: number;
  pageSize: number;
  total: number;
  /** Address of a page of the list, with the other filters kept. */
  href(page: number): string;
  label: string;
  previous: string;
  next: string;
  /** « Page 2 sur 7 ». */
  position: string;
}

/** Previous and next over a long list; nothing where everything fits on one page. */
export function pagination(list: PagesOfList): Html | null {
  const { page, pageSize, total, href, label, previous, next, position } = list;
  const last = Math.max(1, Math.ceil(total / pageSize));
  if (last === 1) return null;
  const style = buttonStyle({ variant: 'secondary', size: 'small' });
  const back =
    page > 1 &&
    html`<a rel="prev" class="${style}" href="${href(page - 1)}">${icon('chevron-left')} ${previous}</a>`;
  const on =
    page < last &&
    html`<a rel="next" class="${style}" href="${href(page + 1)}">${next} ${icon('chevron-right')}</a>`;
  return html`<nav aria-label="${label}" class="flex items-center justify-center gap-4 pt-6 text-sm">${back}<span class="text-ink-soft tabular-nums">${position}</span>${on}</nav>`;
}

export const emptyStyle = 'rounded-xl border border-dashed border-line-strong px-6 py-12 text-center';
export const emptyDrawing = html`<svg viewBox="0 0 120 56" class="mx-auto mb-5 h-14 text-brand-line" fill="none" aria-hidden="true"><path d="M2 12h116M8 54V32a14 14 0 0 1 28 0v22M46 54V32a14 14 0 0 1 28 0v22M84 54V32a14 14 0 0 1 28 0v22" stroke="currentColor" stroke-width="3"/><path d="M46 54V32a14 14 0 0 1 28 0v22Z" class="fill-accent-soft"/></svg>`;

/** A list without anything in it: what it is for, and the first thing to do. */
export function emptyState(title: string, lead: string | null = null, action: Html | null = null): Html {
  return html`<div class="${emptyStyle}">${emptyDrawing}<p class="font-heading text-lg font-semibold">${title}</p>${lead && html`<div class="mx-auto mt-2 max-w-md text-ink-soft"><p>${lead}</p></div>`}${action && html`<div class="mt-5">${action}</div>`}</div>`;
}
