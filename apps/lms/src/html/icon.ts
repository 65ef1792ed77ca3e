import { type Html, html } from './html';

/** Names of the drawings in public/icons.svg (Lucide, ISC licence). */
export type IconName =
  | 'arrow-left'
  | 'arrow-right'
  | 'award'
  | 'badge-check'
  | 'check'
  | 'chevron-down'
  | 'chevron-left'
  | 'chevron-right'
  | 'circle-x'
  | 'clock'
  | 'completed'
  | 'download'
  | 'failed'
  | 'info'
  | 'list-tree'
  | 'locked'
  | 'log-out'
  | 'menu'
  | 'open'
  | 'play'
  | 'repeat'
  | 'search'
  | 'started'
  | 'target'
  | 'triangle-alert'
  | 'user'
  | 'x';

/** A drawing beside words that say the same. */
export const icon = (name: IconName, style = ''): Html =>
  html`<svg class="icon${style && ` ${style}`}" aria-hidden="true"><use href="/icons.svg#${name}"/></svg>`;

/** A drawing that says something by itself. */
export const sign = (name: IconName, label: string): Html =>
  html`<svg class="icon icon-${name}" role="img" aria-label="${label}"><use href="/icons.svg#${name}"/></svg>`;
