import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { saveProgress } from './save.ts';

export const progressOperations: Implementation[] = [
  implement(operations.saveProgress, ({ db, caller, params, body, locale }) =>
    saveProgress(db, caller.user, params.activityId, body, locale),
  ),
];
