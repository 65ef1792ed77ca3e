/** The pages a school asks for most, as signed-in learners ask for them: through the gateway, 16 at once. */
import type { Learner } from './learners.ts';
import { type Asked, type LoadResult, load, medianOf } from './load.ts';
import type { Site } from './site.ts';

export interface PagesBench {
  clients: number;
  seconds: number;
  rounds: number;
  /** Seconds of each kind before anything counts: V8 compiles what runs often, PHP's opcache was warm as well. */
  warmUpSeconds: number;
}

export interface PageResult {
  name: string;
  result: LoadResult;
}

interface Kind {
  name: string;
  of(learner: Learner, n: number): Pick<Asked, 'path' | 'method' | 'body' | 'mark'>;
}

export const kinds: readonly Kind[] = [
  {
    name: 'course page',
    of: ({ courseSlug, lessonId }) => ({ path: `/courses/${courseSlug}`, mark: lessonId }),
  },
  {
    name: 'lesson page',
    of: ({ courseSlug, lessonId }) => ({ path: `/activities/${lessonId}`, mark: `/courses/${courseSlug}` }),
  },
  {
    name: 'save an answer',
    of: ({ attemptId, questionId, answers }, n) => ({
      method: 'PUT',
      path: `/api/attempts/${attemptId}/answers/${questionId}`,
      body: JSON.stringify({ answer: answers[n % 2 ? 1 : 0] }),
    }),
  },
];

/** A request of a signed-in learner's browser. */
export function targetOf(port: number, host: string, learner: Learner, asked: ReturnType<Kind['of']>): Asked {
  return {
    port,
    host,
    ...asked,
    headers: {
      cookie: `session=${learner.session}; locale=fr`,
      'accept-encoding': 'gzip, deflate, br',
      ...(asked.body ? { 'content-type': 'application/json', origin: `http://${host}` } : {}),
    },
  };
}

/** Rounds alternate between the kinds, so that a disturbance does not hit one of them alone. */
export async function benchPages(
  { port, demo: { host }, usage }: Site,
  learners: readonly Learner[],
  { clients, seconds, rounds, warmUpSeconds }: PagesBench,
): Promise<PageResult[]> {
  const results = kinds.map(({ name }) => ({ name, rounds: [] as LoadResult[] }));
  const measure = (of: Kind['of'], lasting: number) => {
    const next = (n: number): Asked => {
      const learner = learners[n % learners.length];
      if (!learner) throw new Error('There are no learners.');
      return targetOf(port, host, learner, of(learner, Math.floor(n / learners.length)));
    };
    return load(next, { clients, seconds: lasting, usage });
  };
  for (const { of } of kinds) await measure(of, warmUpSeconds);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { of }] of kinds.entries()) results[index]?.rounds.push(await measure(of, seconds));
  }
  return results.map(({ name, rounds: all }) => ({ name, result: medianOf(all) }));
}
