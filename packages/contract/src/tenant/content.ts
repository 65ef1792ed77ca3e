import { z } from 'zod';
import { id, instant, line, paragraph } from '../primitives.ts';

/** A serialised Lexical editor state; `@preau/elearning/richText` defines and checks every node. */
export const richText = z.object({ root: z.looseObject({ type: z.literal('root') }) });
export type RichText = z.infer<typeof richText>;

export const activityType = z.enum(['lesson', 'quiz', 'package']);

/** When an activity counts as done. */
export const completionRule = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('viewed') }),
  z.object({ kind: z.literal('marked') }),
  z.object({ kind: z.literal('passed') }),
  z.object({ kind: z.literal('submitted') }),
]);
export type CompletionRule = z.infer<typeof completionRule>;

/**
 * When an activity may be opened. `lineage` names an activity over all versions of its course.
 * Rules nest four levels at most.
 */
export type AvailabilityRule =
  | { kind: 'always' }
  | { kind: 'completed'; lineage: string }
  | { kind: 'moduleCompleted'; lineage: string }
  | { kind: 'score'; lineage: string; percent: number }
  | { kind: 'after'; at: string }
  | { kind: 'previous' }
  | { kind: 'all'; rules: AvailabilityRule[] }
  | { kind: 'any'; rules: AvailabilityRule[] };
export const availabilityRule: z.ZodType<AvailabilityRule, AvailabilityRule> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('always') }),
    z.object({ kind: z.literal('completed'), lineage: id }),
    z.object({ kind: z.literal('moduleCompleted'), lineage: id }),
    z.object({ kind: z.literal('score'), lineage: id, percent: z.number().min(0).max(100) }),
    z.object({ kind: z.literal('after'), at: instant }),
    z.object({ kind: z.literal('previous') }),
    z.object({ kind: z.literal('all'), rules: z.array(availabilityRule).max(20) }),
    z.object({ kind: z.literal('any'), rules: z.array(availabilityRule).max(20) }),
  ]),
);

export const quizConfig = z.object({
  passPercent: z.number().min(0).max(100).default(70),
  /** Null: as many as wanted. */
  attempts: z.int().min(1).max(100).nullable().default(null),
  shuffleQuestions: z.boolean().default(false),
  shuffleOptions: z.boolean().default(false),
  /**
   * What the learner sees after submitting: the total alone (`nothing`), also each question's score (`score`),
   * also what the author says to each answer (`feedback`), also the right answers (`answers`).
   */
  review: z.enum(['nothing', 'score', 'feedback', 'answers']).default('answers'),
  /** Minutes, or null for no limit. */
  timeLimitMinutes: z.int().min(1).max(600).nullable().default(null),
  introduction: paragraph(2000).default(''),
});
export type QuizConfig = z.infer<typeof quizConfig>;

const text = (max: number) => paragraph(max);
const option = z.object({
  id: z.string().regex(/^[\w-]{1,40}$/),
  text: text(1000),
  correct: z.boolean(),
  /** Percent of the points, for partial credit; null: shared equally among the correct ones. */
  weight: z.number().min(-100).max(100).nullable().default(null),
  feedback: text(1000).default(''),
});
const common = {
  prompt: text(5000),
  points: z.number().min(0).max(1000).default(1),
  feedback: text(2000).default(''),
};

/** A question with its answers: only for those who write it. The texts are Markdown (inline and blocks, no HTML). */
export const questionInput = z.discriminatedUnion('type', [
  z.object({ type: z.literal('single'), ...common, options: z.array(option).min(2).max(20) }),
  z.object({ type: z.literal('multiple'), ...common, options: z.array(option).min(2).max(20) }),
  z.object({
    type: z.literal('trueFalse'),
    ...common,
    answer: z.boolean(),
    feedbackTrue: text(1000).default(''),
    feedbackFalse: text(1000).default(''),
  }),
  z.object({
    type: z.literal('shortAnswer'),
    ...common,
    /** `*` stands for any run of characters. */
    answers: z
      .array(
        z.object({
          text: line(500),
          percent: z.number().min(0).max(100).default(100),
          feedback: text(1000).default(''),
        }),
      )
      .min(1)
      .max(30),
    caseSensitive: z.boolean().default(false),
  }),
  z.object({
    type: z.literal('numeric'),
    ...common,
    answers: z
      .array(
        z.object({
          value: z.number(),
          tolerance: z.number().min(0).default(0),
          percent: z.number().min(0).max(100).default(100),
          feedback: text(1000).default(''),
        }),
      )
      .min(1)
      .max(30),
    unit: text(40).default(''),
  }),
]);
export type QuestionInput = z.infer<typeof questionInput>;
export type QuestionType = QuestionInput['type'];
