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

/** A list without anything in it: what it is for, and the first thing to do. */
export function emptyState(title: string, lead: string | null = null, action: Html | null = null): Html {
  return html`<div class="rounded-xl border border-dashed border-line-strong px-6 py-12 text-center"><svg viewBox="0 0 120 56" class="mx-auto mb-5 h-14 text-brand-line" fill="none" aria-hidden="true"><path d="M2 12h116M8 54V32a14 14 0 0 1 28 0v22M46 54V32a14 14 0 0 1 28 0v22M84 54V32a14 14 0 0 1 28 0v22" stroke="currentColor" stroke-width="3"/><path d="M46 54V32a14 14 0 0 1 28 0v22Z" class="fill-accent-soft"/></svg><p class="font-heading text-lg font-semibold">${title}</p>${lead && html`<div class="mx-auto mt-2 max-w-md text-ink-soft"><p>${lead}</p></div>`}${action && html`<div class="mt-5">${action}</div>`}</div>`;
}
