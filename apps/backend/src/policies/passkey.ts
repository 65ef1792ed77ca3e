import { definePolicy } from './policy.ts';

export interface PasskeyFacts {
  userId: string;
}

/** What proves somebody is theirs alone: not even an administrator names or removes it. */
export const can = definePolicy(
  'passkey',
  (viewer, _verb: 'rename' | 'remove', { userId }: PasskeyFacts) => viewer?.id === userId,
);
