import { isAuthor, type Viewer } from './viewer.ts';

/** What the rules about an attempt look at. */
export interface AttemptFacts {
  userId: string;
}

/** `answer` and `submit` are the learner's own alone, not even an administrator's. */
export type AttemptVerb = 'read' | 'answer' | 'submit';

export function can(viewer: Viewer, verb: AttemptVerb, attempt: AttemptFacts): boolean {
  const own = viewer?.id === attempt.userId;
  return verb === 'read' ? own || isAuthor(viewer) : own;
}
