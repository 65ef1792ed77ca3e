import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { setQuestions, updateActivity } from './activity.ts';
import { createCourse, deleteCourse, listStudioCourses, listVersions, updateCourse } from './course.ts';
import { publishCourse } from './publish.ts';
import { readStudioActivity, readStudioCourse } from './read.ts';
import {
  createActivity,
  createModule,
  deleteActivity,
  deleteModule,
  orderCourse,
  updateModule,
} from './tree.ts';

export const studioOperations: Implementation[] = [
  implement(operations.listStudioCourses, ({ db, query }) => listStudioCourses(db, query)),
  implement(operations.createCourse, ({ db, body }) => createCourse(db, body)),
  implement(operations.getStudioCourse, ({ db, params }) => readStudioCourse(db, params.courseId)),
  implement(operations.updateCourse, ({ db, params, body }) => updateCourse(db, params.courseId, body)),
  implement(operations.deleteCourse, ({ db, params }) => deleteCourse(db, params.courseId)),
  implement(operations.createModule, ({ db, params, body }) => createModule(db, params.courseId, body)),
  implement(operations.updateModule, ({ db, params, body }) => updateModule(db, params.moduleId, body)),
  implement(operations.deleteModule, ({ db, params }) => deleteModule(db, params.moduleId)),
  implement(operations.createActivity, ({ db, params, body }) => createActivity(db, params.moduleId, body)),
  implement(operations.getStudioActivity, ({ db, params }) => readStudioActivity(db, params.activityId)),
  implement(operations.updateActivity, ({ db, params, body }) => updateActivity(db, params.activityId, body)),
  implement(operations.deleteActivity, ({ db, params }) => deleteActivity(db, params.activityId)),
  implement(operations.setQuestions, ({ db, params, body }) => setQuestions(db, params.activityId, body)),
  implement(operations.orderCourse, ({ db, params, body }) => orderCourse(db, params.courseId, body)),
  implement(operations.publishCourse, ({ db, params, caller, locale }) =>
    publishCourse(db, params.courseId, caller.user.id, locale),
  ),
  implement(operations.listVersions, ({ db, params }) => listVersions(db, params.courseId)),
];
