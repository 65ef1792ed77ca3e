import { definePolicy } from './policy.ts';

export interface SessionFacts {
  userId: string;
}

/** Everybody ends their own, one by one; all of somebody else's end by what `person.ts` allows. */
export const can = definePolicy(
  'session',
  (viewer, _verb: 'end', { userId }: SessionFacts) => viewer?.id === userId,
);
