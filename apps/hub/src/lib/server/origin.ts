export const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** Called by machines, which send no Origin and prove themselves by a signature. */
const MACHINE_ROUTES = /^\/webhooks\//;

/**
 * Whether a request may change something: a browser says where it comes from, and anything but our own pages is
 * refused before it does anything.
 * @param here the hub's own origin
 */
export function mayChange({ method, headers }: Request, pathname: string, here: string): boolean {
  if (SAFE_METHODS.has(method) || MACHINE_ROUTES.test(pathname)) return true;
  const from = headers.get('origin');
  const site = headers.get('sec-fetch-site');
  // Both where both are given: a proxy that rewrites one does not open the door.
  if (from === here) return site === null || site === 'same-origin';
  return from === null && site === 'same-origin';
}
