import { pictureWidths } from '@preau/contract/tenant/assets';
import { escapeHtml } from './html.ts';

/**
 * `src`, `srcset` and `sizes` of a picture of the platform: the browser loads the size it needs. A picture that is
 * smaller than a size is sent as it is.
 * @param sizes how wide it is shown, as CSS says it
 */
export function pictureSources(assetId: string, sizes: string): string {
  const address = (width: number) => `/assets/${escapeHtml(assetId)}?w=${width}`;
  const set = pictureWidths.map((width) => `${address(width)} ${width}w`).join(', ');
  return `src="${address(pictureWidths[1])}" srcset="${set}" sizes="${escapeHtml(sizes)}"`;
}
