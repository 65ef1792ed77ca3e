import 'server-only';
import type { ProblemDetails } from '@preau/contract/problem';
import { redirect } from 'next/navigation';
import { instance } from './instance';
import { forgetPerson } from './person';
import { asSeen, detourOf, problemIn } from './problem';
import { visit } from './visit';

export type Loaded<T> = { data: T; problem?: undefined } | { data?: undefined; problem: ProblemDetails };

/**
 * Waits for what a page shows. Somebody who is not signed in goes to sign in and comes back to `path`;
 * every other refusal is handed to the page (`<ProblemPage>`) with its status already set. Not `notFound()`: see
 * app/not-found.tsx.
 */
export async function load<T>(path: string, answer: Promise<T>): Promise<Loaded<T>> {
  try {
    return { data: await answer };
  } catch (error) {
    const problem = await problemOf(error);
    if (problem.status === 401) {
      const { call } = await visit();
      if (call.session) forgetPerson(call.session);
    }
    const to = detourOf(problem, path);
    if (to) redirect(to);
    const seen = asSeen(problem);
    instance().answerStatus(seen.status);
    return { problem: seen };
  }
}

/** The refusal as people read it, in the language of this visit. */
export async function problemOf(error: unknown): Promise<ProblemDetails> {
  const { t } = await visit();
  return problemIn(error, t);
}
