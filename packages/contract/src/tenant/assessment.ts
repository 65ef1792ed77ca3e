import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant } from '../primitives.ts';

const tag = 'Assessment';

/** A question without its answers. Texts are Markdown. */
export const attemptQuestion = z.object({
  id,
  type: z.enum(['single', 'multiple', 'trueFalse', 'shortAnswer', 'numeric']),
  prompt: z.string(),
  points: z.number(),
  options: z.array(z.object({ id: z.string(), text: z.string() })),
  unit: z.string(),
});

/** `single`: one option id; `multiple`: option ids; `trueFalse`: a boolean; `shortAnswer`, `numeric`: what was typed. */
export const answer = z.union([
  z.object({ kind: z.literal('options'), ids: z.array(z.string().max(40)).max(20) }),
  z.object({ kind: z.literal('boolean'), value: z.boolean() }),
  z.object({ kind: z.literal('text'), value: z.string().max(1000) }),
]);
export type Answer = z.infer<typeof answer>;

export const attemptResult = z.object({
  score: z.number(),
  maxScore: z.number(),
  percent: z.number(),
  passed: z.boolean(),
  /** What the review policy lets the learner see, by question. */
  questions: z.array(
    z.object({
      questionId: id,
      correct: z.boolean(),
      score: z.number(),
      feedback: z.array(z.string()),
      /** Only with the review policy `answers`. */
      solution: z.array(z.string()),
      correctOptionIds: z.array(z.string()),
    }),
  ),
  attemptsLeft: z.int().nullable(),
  courseCompleted: z.boolean(),
  credentialCode: z.string().nullable(),
});
export type AttemptResult = z.infer<typeof attemptResult>;

export const attempt = z.object({
  id,
  activityId: id,
  number: z.int(),
  state: z.enum(['open', 'submitted']),
  preview: z.boolean(),
  startedAt: instant,
  /** When it closes by itself, or null. */
  deadline: instant.nullable(),
  questions: z.array(attemptQuestion),
  /** By question id. */
  answers: z.record(z.string(), answer),
  result: attemptResult.nullable(),
});
export type Attempt = z.infer<typeof attempt>;

export const startAttempt = defineOperation({
  id: 'startAttempt',
  method: 'POST',
  path: '/v1/activities/{activityId}/attempts',
  tag,
  identity: 'user',
  permission: 'everyone',
  summary: 'Start a quiz, or go on with the open attempt',
  params: z.object({ activityId: id }),
  response: attempt,
  status: 201,
  errors: ['not-found', 'not-enrolled', 'activity-locked', 'attempts-exhausted'],
});

export const getAttempt = defineOperation({
  id: 'getAttempt',
  method: 'GET',
  path: '/v1/attempts/{attemptId}',
  tag,
  identity: 'user',
  permission: 'everyone',
  summary: 'One’s own attempt (trainers see every attempt of their platform)',
  params: z.object({ attemptId: id }),
  response: attempt,
  errors: ['not-found'],
});

export const saveAnswer = defineOperation({
  id: 'saveAnswer',
  method: 'PUT',
  path: '/v1/attempts/{attemptId}/answers/{questionId}',
  tag,
  identity: 'user',
  leavesSession: true,
  permission: 'everyone',
  summary: 'Keep an answer; it can be changed until the attempt is submitted',
  params: z.object({ attemptId: id, questionId: id }),
  body: z.object({ answer }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'attempt-closed'],
});

export const submitAttempt = defineOperation({
  id: 'submitAttempt',
  method: 'POST',
  path: '/v1/attempts/{attemptId}/submission',
  tag,
  identity: 'user',
  permission: 'everyone',
  summary: 'Hand in: graded on the server, once; repeating answers the same result',
  params: z.object({ attemptId: id }),
  body: z.object({
    /** Answers that were not saved yet (a form without JavaScript sends all of them). */
    answers: z.record(z.uuid(), answer).default({}),
  }),
  response: attempt,
  errors: ['not-found'],
});
