import { operations, type ResponseOf } from '@preau/contract';
import { type CourseTarget, type KnownCourse, requireCourse } from '../courses/facts.ts';
import type { Db } from '../database/db.ts';
import type { UserCaller } from '../http/caller.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { type CourseVerb, can, NEW_COURSE } from '../policies/course.ts';
import { can as canQuestion } from '../policies/question.ts';
import { can as canTrainer } from '../policies/trainer.ts';
import type { User } from '../policies/viewer.ts';
import { setQuestions, updateActivity } from './activity.ts';
import { createCourse, deleteCourse, listStudioCourses, listVersions, updateCourse } from './course.ts';
import { publishCourse } from './publish.ts';
import { readStudioActivity, readStudioCourse } from './read.ts';
import { listTrainers, setTrainers } from './trainers.ts';
import {
  createActivity,
  createModule,
  deleteActivity,
  deleteModule,
  orderCourse,
  updateModule,
} from './tree.ts';

/** The piece of a course that an operation names, checked against what its caller may do there. */
async function within(
  { db, caller }: { db: Db; caller: UserCaller },
  verb: CourseVerb,
  target: CourseTarget,
): Promise<KnownCourse> {
  return requireCourse(db, caller.user, verb, target);
}

/** The course whose trainers the caller may choose. */
async function requireTrainers(context: {
  db: Db;
  caller: UserCaller;
  params: { courseId: string };
}): Promise<KnownCourse> {
  const course = await within(context, 'read', context.params);
  if (!canTrainer(context.caller.user, 'assign', { own: course.own, people: [] })) refuse('forbidden');
  return course;
}

export const studioOperations: Implementation[] = [
  implement(operations.listStudioCourses, ({ db, caller, query }) =>
    listStudioCourses(db, caller.user, query),
  ),
  implement(operations.createCourse, async ({ db, caller, body }) => {
    if (!can(caller.user, 'create', NEW_COURSE)) refuse('forbidden');
    return createCourse(db, body, caller.user.id);
  }),
  implement(operations.getStudioCourse, async (context) => {
    await within(context, 'read', context.params);
    return readStudioCourse(context.db, context.params.courseId);
  }),
  implement(operations.updateCourse, async (context) => {
    await within(context, 'write', context.params);
    return updateCourse(context.db, context.params.courseId, context.body);
  }),
  implement(operations.deleteCourse, async (context) => {
    await within(context, 'delete', context.params);
    return deleteCourse(context.db, context.params.courseId);
  }),
  implement(operations.createModule, async (context) => {
    await within(context, 'write', context.params);
    return createModule(context.db, context.params.courseId, context.body);
  }),
  implement(operations.updateModule, async (context) => {
    await within(context, 'write', context.params);
    return updateModule(context.db, context.params.moduleId, context.body);
  }),
  implement(operations.deleteModule, async (context) => {
    await within(context, 'write', context.params);
    return deleteModule(context.db, context.params.moduleId);
  }),
  implement(operations.createActivity, async (context) => {
    await within(context, 'write', context.params);
    return createActivity(context.db, context.params.moduleId, context.body);
  }),
  implement(operations.getStudioActivity, async (context) => {
    const { db, caller, params } = context;
    const course = await within(context, 'read', params);
    return withAnswers(await readStudioActivity(db, params.activityId), caller.user, course);
  }),
  implement(operations.updateActivity, async (context) => {
    const { db, caller, params, body } = context;
    const course = await within(context, 'write', params);
    return withAnswers(await updateActivity(db, params.activityId, body), caller.user, course);
  }),
  implement(operations.deleteActivity, async (context) => {
    await within(context, 'write', context.params);
    return deleteActivity(context.db, context.params.activityId);
  }),
  implement(operations.setQuestions, async (context) => {
    const { db, caller, params, body } = context;
    const course = await within(context, 'write', params);
    if (!canQuestion(caller.user, 'read-answers', course)) refuse('forbidden');
    return setQuestions(db, params.activityId, body);
  }),
  implement(operations.orderCourse, async (context) => {
    await within(context, 'write', context.params);
    return orderCourse(context.db, context.params.courseId, context.body);
  }),
  implement(operations.listTrainers, async (context) => {
    const course = await requireTrainers(context);
    return listTrainers(context.db, context.caller.user, course);
  }),
  implement(operations.setTrainers, async (context) => {
    const course = await requireTrainers(context);
    return setTrainers(context.db, context.caller.user, course, context.body.userIds);
  }),
  implement(operations.publishCourse, async (context) => {
    await within(context, 'publish', context.params);
    const { db, params, caller, locale } = context;
    return publishCourse(db, params.courseId, caller.user.id, locale);
  }),
  implement(operations.listVersions, async (context) => {
    await within(context, 'read', context.params);
    return listVersions(context.db, context.params.courseId);
  }),
];

type ActivityPage = ResponseOf<typeof operations.getStudioActivity>;

/** Questions are written and read with their answers, or not at all. */
function withAnswers(page: ActivityPage, viewer: User, course: KnownCourse): ActivityPage {
  if (canQuestion(viewer, 'read-answers', course)) return page;
  return { ...page, activity: { ...page.activity, questions: [] } };
}
