import type { IncomingMessage } from 'node:http';
import type { Instance } from '../src/server/instance.ts';

/** Where the hub posts the one-time tokens that let its customer, or our staff with consent, in here. */
const handOffs = ['/auth/handoff', '/auth/support'];

/**
 * Whether a request may change something: it comes from this platform's own pages, or it is the hub's hand-off.
 * Checked here once for every server action, route handler and relay (a session cookie alone proves nothing).
 */
export function mayChange(
  request: IncomingMessage,
  pathname: string,
  instance: Pick<Instance, 'platformUrl' | 'publicUrl'>,
): boolean {
  if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return true;
  const { origin } = request.headers;
  const site = request.headers['sec-fetch-site'];
  // Both where both are given: a proxy that rewrites one does not open the door.
  if (origin === instance.platformUrl) return site === undefined || site === 'same-origin';
  if (handOffs.includes(pathname) && request.method === 'POST' && origin === instance.publicUrl) return true;
  // Some browsers hide the origin (`null`) of a form on a page with a strict referrer policy.
  return origin === 'null' && site === 'same-origin';
}
