import { embedOf, isSafeUrl } from '../url.ts';
import { note, type Reading } from './reading.ts';

/**
 * The scheme of addresses inside a package, until whoever stores its contents knows their final addresses:
 * `package:episodes/01-intro.md#anchor`. Never stored.
 */
export const PACKAGE = 'package:';

const decode = (address: string): string => {
  try {
    return decodeURIComponent(address);
  } catch {
    return address;
  }
};

/** What a link leads to, or null (noted) where it leads nowhere and only its text is kept. */
export function resolveLink(reading: Reading, address: string, line: number): string | null {
  const { site } = reading.resolver;
  const url = site && address.startsWith(`${site}/`) ? address.slice(site.length) : address.trim();
  if (url === '') return null;
  const [path = '', anchor] = url.split('#', 2);
  const suffix = anchor === undefined ? '' : `#${decode(anchor)}`;
  if (path === '') return `${PACKAGE}${reading.file}${suffix}`;
  const file = /^[a-z][a-z0-9+.-]*:|^\/\//i.test(url) ? null : reading.resolver.file(decode(path));
  if (file !== null) return `${PACKAGE}${file}${suffix}`;
  const outside = address.trim();
  const safe = outside.startsWith('//') ? `https:${outside}` : outside;
  if (/^(?:https?|mailto|tel):/i.test(safe)) {
    if (safe.length <= 2048 && isSafeUrl(safe)) return safe;
    note(reading, 'warning', 'link.unsafe', line, url);
    return null;
  }
  const scheme = /^[a-z][a-z0-9+.-]*:/i.test(url);
  note(reading, 'warning', scheme ? 'link.unsafe' : 'link.broken', line, url);
  return null;
}

/** Where a picture is: a path in the package, an address on the web, or null (noted). */
export function resolveImage(
  reading: Reading,
  address: string,
  line: number,
): { path: string } | { remote: string } | null {
  const url = address.trim();
  if (/^(?:https?:)?\/\//i.test(url)) {
    const remote = url.startsWith('//') ? `https:${url}` : url;
    note(reading, 'warning', 'image.remote', line, url);
    return isSafeUrl(remote) && remote.length <= 2048 ? { remote } : null;
  }
  const path = /^[a-z][a-z0-9+.-]*:/i.test(url)
    ? null
    : reading.resolver.image(decode(url.split(/[?#]/, 1)[0] ?? ''));
  if (path === null) note(reading, 'warning', 'image.missing', line, url);
  return path === null ? null : { path };
}

export { embedOf };
