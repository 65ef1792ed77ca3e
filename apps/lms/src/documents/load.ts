import type { ProblemDetails } from '@preau/contract/problem';
import { forgetPerson } from '@/server/person';
import { asSeen, problemIn } from '@/server/problem';
import type { Visit } from '@/server/visitor';

export type Loaded<T> = { data: T } | { to: string } | { problem: ProblemDetails };

/** Waits for the API. Somebody who is not signed in goes to sign in and comes back to `path`. */
export async function load<T>(path: string, visit: Visit, answer: Promise<T>): Promise<Loaded<T>> {
  try {
    return { data: await answer };
  } catch (error) {
    const problem = problemIn(error, visit.t);
    if (problem.name === 'second-factor-needed') return { to: '/profile/security' };
    if (problem.status !== 401) return { problem: asSeen(problem) };
    if (visit.call.session) forgetPerson(visit.call.session);
    return { to: `/sign-in?next=${encodeURIComponent(path)}` };
  }
}
