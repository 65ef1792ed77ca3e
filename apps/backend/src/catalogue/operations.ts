import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { viewerOf } from '../policies/viewer.ts';
import { readDashboard } from './dashboard.ts';
import { listCourses } from './list.ts';

export const catalogueOperations: Implementation[] = [
  implement(operations.listCourses, ({ db, caller, query }) => listCourses(db, viewerOf(caller), query)),
  implement(operations.getDashboard, ({ db, caller }) => readDashboard(db, caller.user.id)),
];
