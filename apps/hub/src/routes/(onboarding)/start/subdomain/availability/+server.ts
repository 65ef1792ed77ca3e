import { ApiProblem } from '@preau/contract';
import { error } from '@sveltejs/kit';
import * as m from '#lib/paraglide/messages.js';
import { draftFor } from '#lib/server/onboarding.ts';
import type { RequestHandler } from './$types.js';

/** What the page asks while one types. */
export const GET: RequestHandler = async ({ locals, url }) => {
  if (!(await locals.account())) error(401, m.sign_in_needed());
  const candidate = url.searchParams.get('candidate')?.trim().slice(0, 100) ?? '';
  if (!candidate) return Response.json({ slug: '', state: 'malformed', suggestions: [] });
  const draft = await draftFor(locals, 'organisation');
  try {
    const answer = await locals.api.checkSubdomain({
      params: { candidate },
      query: { organisationId: draft.organisationId ?? undefined },
    });
    return Response.json(answer, { headers: { 'cache-control': 'no-store' } });
  } catch (cause) {
    if (cause instanceof ApiProblem) return Response.json(cause.problem, { status: cause.problem.status });
    throw cause;
  }
};
