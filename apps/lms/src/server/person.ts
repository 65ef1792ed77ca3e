import 'server-only';
import { ApiProblem } from '@preau/contract/client';
import type { Me } from '@preau/contract/tenant/sessions';
import { backend } from './backend';

/**
 * How long a page may show who is signed in without asking again. It decides what is drawn, never what is
 * allowed: the backend checks the session of every call.
 */
const FRESH_MS = 15_000;
const MAX_KEPT = 2_000;

type Kept = Map<string, { me: Promise<Me | null>; at: number }>;
const key = Symbol.for('preau.people');
/** One for the process: pages and route handlers each have this module for themselves. */
const shared = globalThis as { [key]?: Kept };
shared[key] ??= new Map();
const kept = shared[key];

/** Whether a session is one of staff, which ends with the access that an administrator granted. */
export const isSupportSession = (session: string | undefined) => session?.startsWith('support.') === true;

/** Who a session belongs to; null for one that ended. */
export function personOf(session: string): Promise<Me | null> {
  // An access that was revoked is over at once, on the page too.
  const known = isSupportSession(session) ? undefined : kept.get(session);
  if (known && Date.now() - known.at < FRESH_MS) return known.me;
  const me = backend()
    .getMe({ session })
    .catch((error: unknown) => {
      forgetPerson(session);
      if (error instanceof ApiProblem && error.problem.status === 401) return null;
      throw error;
    });
  kept.delete(session);
  kept.set(session, { me, at: Date.now() });
  for (const oldest of kept.keys()) {
    if (kept.size <= MAX_KEPT) break;
    kept.delete(oldest);
  }
  return me;
}

/** After signing out, or a change to one's profile. */
export function forgetPerson(session: string): void {
  kept.delete(session);
}
