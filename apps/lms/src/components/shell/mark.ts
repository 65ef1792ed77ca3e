import { html } from '@/html/html';

/** The house's arches in the colours of the page. */
export const mark = html`<svg class="mark" aria-hidden="true"><use href="/icons.svg#mark"/></svg>`;
