import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** What the rules about an attempt look at. */
export interface AttemptFacts {
  userId: string;
  /** The viewer is a trainer of the course. */
  own: boolean;
}

/** `answer` and `submit` are the learner's own alone, not even an administrator's. */
export type AttemptVerb = 'read' | 'answer' | 'submit';

/** What others answered tells what is right, so reading it takes both permissions. */
export const can = definePolicy('attempt', (viewer, verb: AttemptVerb, attempt: AttemptFacts) => {
  if (viewer?.id === attempt.userId) return true;
  return (
    verb === 'read' &&
    permits(viewer, 'attempt.read', attempt) &&
    permits(viewer, 'question.read-answers', attempt)
  );
});
