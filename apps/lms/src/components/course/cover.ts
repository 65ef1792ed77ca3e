import { type Html, html, trusted } from '@/html/html';
import { pictureSources } from '@/html/picture';

/** Where the four arches stand. */
const arches = [26, 98, 170, 242];

/**
 * A course's picture; arches in the tenant's colours where it has none.
 * @param seed chooses which arch lets the light in: the same course always has the same drawing
 */
export function cover(picture: { assetId: string; alt: string } | null, seed: string): Html {
  if (picture) {
    return html`<img ${trusted(pictureSources(picture.assetId, '(min-width: 40rem) 24rem, 92vw'))} alt="${picture.alt}" width="640" height="320" loading="lazy" decoding="async" class="cover">`;
  }
  const lit = arches[[...seed].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % arches.length] ?? 26;
  return html`<svg viewBox="0 0 320 160" preserveAspectRatio="xMidYMax slice" class="cover" aria-hidden="true"><use href="/icons.svg#cover-${lit}"/></svg>`;
}
