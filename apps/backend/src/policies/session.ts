import { definePolicy } from './policy.ts';

export interface SessionFacts {
  userId: string;
}

/** Everybody ends their own; an administrator ends all of somebody's by disabling them or changing their role. */
export const can = definePolicy(
  'session',
  (viewer, _verb: 'end', { userId }: SessionFacts) => viewer?.id === userId,
);
