const MAX_LENGTH = 500;
/** Printable ASCII without a backslash, which browsers read as a slash. */
const SHAPE = /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/;
const HERE = 'http://here.invalid';

/**
 * A path of this site, from something that a visitor sent; undefined for everything that leads, or could be read
 * to lead, anywhere else (`//evil`, `/\evil`, `javascript:`, `/.//evil`, control characters). The only way by which
 * an address from outside becomes the target of a redirect.
 */
export function localPath(given: unknown): string | undefined {
  if (typeof given !== 'string' || given.length > MAX_LENGTH || !SHAPE.test(given)) return undefined;
  // As a browser reads it: dot segments are resolved before two slashes mean a host.
  const url = URL.parse(given, HERE);
  if (url?.origin !== HERE || url.pathname.startsWith('//')) return undefined;
  return url.pathname + url.search + url.hash;
}
