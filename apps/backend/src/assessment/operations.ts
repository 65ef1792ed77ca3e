import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { saveAnswer } from './answer.ts';
import { startAttempt } from './start.ts';
import { showAttempt, submitAttempt } from './submit.ts';

export const assessmentOperations: Implementation[] = [
  implement(operations.startAttempt, ({ db, caller, params, locale }) =>
    startAttempt(db, caller.user, params.activityId, locale),
  ),
  implement(operations.getAttempt, ({ db, caller, params, locale }) =>
    showAttempt(db, caller.user, params.attemptId, locale),
  ),
  implement(operations.saveAnswer, ({ db, caller, params, body }) =>
    saveAnswer(db, caller.user, params.attemptId, params.questionId, body.answer),
  ),
  implement(operations.submitAttempt, ({ db, caller, params, body, locale }) =>
    submitAttempt(db, caller.user, params.attemptId, body.answers, locale),
  ),
];
