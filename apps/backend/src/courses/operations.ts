import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { viewerOf } from '../policies/viewer.ts';
import { readActivityPage } from './activity.ts';
import { readCoursePage } from './page.ts';

export const courseOperations: Implementation[] = [
  implement(operations.getCourse, ({ db, caller, params }) =>
    readCoursePage(db, viewerOf(caller), params.slug),
  ),
  implement(operations.getActivity, ({ db, caller, params, locale }) =>
    readActivityPage(db, caller.user, params.activityId, locale),
  ),
];
