import 'server-only';
import { ApiProblem } from '@preau/contract/client';
import type { ProblemDetails } from '@preau/contract/problem';
import { redirect } from 'next/navigation';
import { instance } from './instance';
import { forgetPerson } from './person';
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
      redirect(`/sign-in?next=${encodeURIComponent(path)}`);
    }
    // An address that cannot name anything names nothing.
    const seen =
      problem.name === 'invalid-request' ? { ...problem, name: 'not-found' as const, status: 404 } : problem;
    instance().answerStatus(seen.status);
    return { problem: seen };
  }
}

/** The refusal as people read it; an unreachable backend is one too. Other errors are rethrown. */
export async function problemOf(error: unknown): Promise<ProblemDetails> {
  if (error instanceof ApiProblem) return error.problem;
  if (!(error instanceof Error) || error.name !== 'ApiUnreachable') throw error;
  const { t } = await visit();
  const reference = crypto.randomUUID();
  console.warn(`${error.message} (${reference})`);
  return {
    type: 'urn:preau:problem:unavailable',
    name: 'unavailable',
    title: t('problem.unavailable.title'),
    detail: t('problem.unavailable.detail'),
    status: 503,
    reference,
  };
}
