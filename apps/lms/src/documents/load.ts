import type { ProblemDetails } from '@preau/contract/problem';
import { forgetPerson } from '@/server/person';
import { asSeen, detourOf, problemIn } from '@/server/problem';
import type { Visit } from '@/server/visitor';

export type Loaded<T> = { data: T } | { to: string } | { problem: ProblemDetails };

/** Waits for the API, as server/load.ts does for pages of Next's. */
export async function load<T>(path: string, visit: Visit, answer: Promise<T>): Promise<Loaded<T>> {
  try {
    return { data: await answer };
  } catch (error) {
    const problem = problemIn(error, visit.t);
    if (problem.status === 401 && visit.call.session) forgetPerson(visit.call.session);
    const to = detourOf(problem, path);
    return to ? { to } : { problem: asSeen(problem) };
  }
}
