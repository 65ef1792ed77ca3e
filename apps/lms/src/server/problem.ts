import 'server-only';
import { ApiProblem } from '@preau/contract/client';
import type { ProblemDetails } from '@preau/contract/problem';
import type { Translate } from '@/i18n/translate';

/** The refusal as people read it; an unreachable backend is one too. Other errors are rethrown. */
export function problemIn(error: unknown, t: Translate): ProblemDetails {
  if (error instanceof ApiProblem) return error.problem;
  if (!(error instanceof Error) || error.name !== 'ApiUnreachable') throw error;
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

/** The same for a page: an address that cannot name anything names nothing. */
export const asSeen = (problem: ProblemDetails): ProblemDetails =>
  problem.name === 'invalid-request' ? { ...problem, name: 'not-found', status: 404 } : problem;

/** The page of what proves a person. */
export const SECURITY = '/profile/security';
/** The page that asks again who it is, and leads back to `next`, marked as `confirmed`. */
export const confirmationFor = (next: string) => `/profile/confirm?next=${encodeURIComponent(next)}`;

/** Where somebody goes who first has to say, or prove better, who they are; undefined for every other refusal. */
export function detourOf(problem: ProblemDetails, path: string): string | undefined {
  if (problem.status === 401) return `/sign-in?next=${encodeURIComponent(path)}`;
  return problem.name === 'second-factor-needed' ? SECURITY : undefined;
}
