import { type ProblemDetails, problemDetails } from '@preau/contract/problem';
import { z } from 'zod';

/*
 * The studio's calls that happen without a page: relayed to the API by server/relay.ts, which adds who asks.
 */

export type Refused = {
  problem: Pick<ProblemDetails, 'name' | 'detail' | 'reference'> & { errors?: ProblemDetails['errors'] };
};

export async function call<T>(path: string, init: RequestInit, schema: z.ZodType<T>): Promise<T | Refused> {
  let answer: Response;
  try {
    answer = await fetch(path, { ...init, credentials: 'same-origin' });
  } catch {
    return { problem: { name: 'unavailable', detail: navigator.onLine ? '' : 'offline', reference: '' } };
  }
  const json: unknown = await answer.json().catch(() => null);
  if (answer.ok) return schema.parse(json);
  const problem = problemDetails.safeParse(json);
  return problem.success
    ? { problem: problem.data }
    : { problem: { name: 'unavailable', detail: `${answer.status} ${answer.statusText}`, reference: '' } };
}

const saved = z
  .object({ activity: z.object({ updatedAt: z.string() }) })
  .transform(({ activity }) => ({ updatedAt: activity.updatedAt }));

/** Changes an activity of the draft; answers when it was changed, for the next `expectedUpdatedAt`. */
export function saveActivity(activityId: string, fields: object): Promise<{ updatedAt: string } | Refused> {
  return call(
    `/api/studio/activities/${activityId}`,
    { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify(fields) },
    saved,
  );
}

/** Replaces a quiz's questions. */
export function saveQuestions(
  activityId: string,
  questions: object[],
): Promise<{ updatedAt: string } | Refused> {
  return call(
    `/api/studio/activities/${activityId}/questions`,
    { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ questions }) },
    saved,
  );
}
