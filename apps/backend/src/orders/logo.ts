import type { Branding, Locale } from '@preau/contract';
import { fileTypeFromBuffer } from 'file-type';
import { refuse } from '../http/problem.ts';

const MAX_BYTES = 200 * 1024;
const IMAGES = new Set(['image/png', 'image/jpeg', 'image/webp']);
const words: Record<Locale, string> = {
  fr: 'Ce fichier n’est pas une image PNG, JPEG ou WebP de 200 ko au plus. Choisissez-en un autre.',
  en: 'This file is no PNG, JPEG or WebP image of at most 200 kB. Choose another one.',
};

/**
 * Refuses a logo that is not the image it says it is.
 * @param path of the branding's field in the request
 * @throws Problem `invalid-request`
 */
export async function requireLogo({ logo }: Branding, locale: Locale, path: string): Promise<void> {
  if (logo === null) return;
  const [head = '', content = ''] = logo.split(',', 2);
  const bytes = Buffer.from(content, 'base64');
  const kind = bytes.byteLength <= MAX_BYTES ? await fileTypeFromBuffer(bytes) : null;
  if (kind && IMAGES.has(kind.mime) && head === `data:${kind.mime};base64`) return;
  refuse('invalid-request', {}, [{ path, message: words[locale] }]);
}
