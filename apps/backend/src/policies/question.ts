import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** What the rules about the questions of a quiz look at. */
export interface QuestionFacts {
  /** The viewer is a trainer of the course. */
  own: boolean;
}

/** `read-answers`: with right answers and feedback; `try`: an attempt that counts for nothing. */
export type QuestionVerb = 'read-answers' | 'try';

/** Trying a quiz out tells its answers, whatever its review shows: it can be repeated without end. */
export const can = definePolicy('question', (viewer, _verb: QuestionVerb, question: QuestionFacts) =>
  permits(viewer, 'question.read-answers', question),
);
