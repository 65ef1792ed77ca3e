import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, line, page, pageOf, paragraph, search, slug } from '../primitives.ts';
import { asset, contentPackage } from './assets.ts';
import {
  activityType,
  availabilityRule,
  completionRule,
  questionInput,
  quizConfig,
  richText,
} from './content.ts';

const tag = 'Studio';
const identity = 'user';

export const studioCourseRow = z.object({
  id,
  slug: z.string(),
  title: z.string(),
  state: z.enum(['draft', 'published', 'changed']),
  publishedVersion: z.int().nullable(),
  enrolments: z.int(),
  completed: z.int(),
  updatedAt: instant,
});

export const listStudioCourses = defineOperation({
  id: 'listStudioCourses',
  method: 'GET',
  path: '/v1/studio/courses',
  tag,
  identity,
  permission: 'course.read',
  summary: 'Every course of the platform, for those who write them',
  query: z.object({ ...page, search }),
  response: pageOf(studioCourseRow),
});

export const studioActivity = z.object({
  id,
  lineage: id,
  type: activityType,
  title: z.string(),
  minutes: z.int(),
  completion: completionRule,
  availability: availabilityRule,
  /** Questions of a quiz. */
  questions: z.int(),
});
export const studioModule = z.object({
  id,
  lineage: id,
  title: z.string(),
  summary: z.string(),
  activities: z.array(studioActivity),
});
export const studioCourse = z.object({
  id,
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  objectives: z.array(z.string()),
  audience: z.string(),
  prerequisites: z.string(),
  attribution: z.string(),
  cover: asset.nullable(),
  selfEnrolment: z.boolean(),
  listed: z.boolean(),
  state: z.enum(['draft', 'published', 'changed']),
  /** The draft that is shown and edited. */
  draft: z.object({ versionId: id, number: z.int() }),
  published: z.object({ versionId: id, number: z.int(), publishedAt: instant }).nullable(),
  /** Whose own course it is. */
  trainers: z.array(z.object({ id, name: z.string() })),
  modules: z.array(studioModule),
});
export type StudioCourse = z.infer<typeof studioCourse>;
export type StudioModule = z.infer<typeof studioModule>;
export type StudioActivity = z.infer<typeof studioActivity>;

const courseFields = {
  title: line(200),
  slug: slug.optional(),
  summary: paragraph(1000),
  objectives: z.array(line(300)).max(20),
  audience: paragraph(1000),
  prerequisites: paragraph(1000),
  coverAssetId: id.nullable(),
  selfEnrolment: z.boolean(),
  listed: z.boolean(),
};

export const createCourse = defineOperation({
  id: 'createCourse',
  method: 'POST',
  path: '/v1/studio/courses',
  tag,
  identity,
  permission: 'course.create',
  summary: 'Create a course with an empty draft; the slug follows the title where none is given',
  body: z.object({ title: line(200), summary: paragraph(1000).default(''), slug: slug.optional() }),
  response: studioCourse,
  status: 201,
  errors: ['already-exists', 'read-only'],
});

const courseParams = z.object({ courseId: id });

export const getStudioCourse = defineOperation({
  id: 'getStudioCourse',
  method: 'GET',
  path: '/v1/studio/courses/{courseId}',
  tag,
  identity,
  permission: 'course.read',
  summary: 'The draft of a course: its tree without contents',
  params: courseParams,
  response: studioCourse,
  errors: ['not-found'],
});

export const updateCourse = defineOperation({
  id: 'updateCourse',
  method: 'PATCH',
  path: '/v1/studio/courses/{courseId}',
  tag,
  identity,
  permission: 'course.write',
  summary: 'Change what describes a course (only the given fields)',
  params: courseParams,
  body: z.object(courseFields).partial(),
  response: studioCourse,
  errors: ['not-found', 'already-exists'],
});

export const deleteCourse = defineOperation({
  id: 'deleteCourse',
  method: 'DELETE',
  path: '/v1/studio/courses/{courseId}',
  tag,
  identity,
  permission: 'course.delete',
  summary: 'Delete a course that nobody is enrolled in',
  params: courseParams,
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'state-forbids'],
});

export const createModule = defineOperation({
  id: 'createModule',
  method: 'POST',
  path: '/v1/studio/courses/{courseId}/modules',
  tag,
  identity,
  permission: 'course.write',
  summary: 'Add a module at the end of the draft',
  params: courseParams,
  body: z.object({ title: line(200), summary: paragraph(1000).default('') }),
  response: studioCourse,
  status: 201,
  errors: ['not-found'],
});

const moduleParams = z.object({ moduleId: id });

export const updateModule = defineOperation({
  id: 'updateModule',
  method: 'PATCH',
  path: '/v1/studio/modules/{moduleId}',
  tag,
  identity,
  permission: 'course.write',
  summary: 'Rename a module of the draft',
  params: moduleParams,
  body: z.object({ title: line(200).optional(), summary: paragraph(1000).optional() }),
  response: studioCourse,
  errors: ['not-found', 'version-frozen'],
});

export const deleteModule = defineOperation({
  id: 'deleteModule',
  method: 'DELETE',
  path: '/v1/studio/modules/{moduleId}',
  tag,
  identity,
  permission: 'course.write',
  summary: 'Delete a module of the draft with its activities',
  params: moduleParams,
  response: studioCourse,
  errors: ['not-found', 'version-frozen'],
});

export const createActivity = defineOperation({
  id: 'createActivity',
  method: 'POST',
  path: '/v1/studio/modules/{moduleId}/activities',
  tag,
  identity,
  permission: 'course.write',
  summary: 'Add a lesson, a quiz or a package at the end of a module',
  params: moduleParams,
  body: z.object({ type: activityType, title: line(200) }),
  response: z.object({ activityId: id, course: studioCourse }),
  status: 201,
  errors: ['not-found', 'version-frozen'],
});

const activityParams = z.object({ activityId: id });

export const studioActivityPage = z.object({
  course: studioCourse,
  activity: studioActivity.extend({
    moduleId: id,
    content: richText.nullable(),
    quiz: quizConfig.nullable(),
    /** What an activity of type `package` shows; null until one is uploaded. */
    package: contentPackage.nullable(),
    questions: z.array(z.object({ id, lineage: id, question: questionInput })),
    updatedAt: instant,
  }),
});

export const getStudioActivity = defineOperation({
  id: 'getStudioActivity',
  method: 'GET',
  path: '/v1/studio/activities/{activityId}',
  tag,
  identity,
  permission: 'course.read',
  summary: 'One activity of the draft with its content, or its questions and their answers',
  params: activityParams,
  response: studioActivityPage,
  errors: ['not-found'],
});

export const updateActivity = defineOperation({
  id: 'updateActivity',
  method: 'PATCH',
  path: '/v1/studio/activities/{activityId}',
  tag,
  identity,
  permission: 'course.write',
  summary:
    'Change an activity of the draft (only the given fields); with `expectedUpdatedAt`, refused as a conflict where somebody else wrote in between',
  params: activityParams,
  maxBytes: 4 * 1024 * 1024,
  body: z.object({
    title: line(200).optional(),
    minutes: z.int().min(0).max(10_000).optional(),
    content: richText.optional(),
    quiz: quizConfig.optional(),
    completion: completionRule.optional(),
    availability: availabilityRule.optional(),
    expectedUpdatedAt: instant.optional(),
  }),
  response: studioActivityPage,
  errors: ['not-found', 'version-frozen', 'conflict'],
});

export const deleteActivity = defineOperation({
  id: 'deleteActivity',
  method: 'DELETE',
  path: '/v1/studio/activities/{activityId}',
  tag,
  identity,
  permission: 'course.write',
  summary: 'Delete an activity of the draft',
  params: activityParams,
  response: studioCourse,
  errors: ['not-found', 'version-frozen'],
});

export const setQuestions = defineOperation({
  id: 'setQuestions',
  method: 'PUT',
  path: '/v1/studio/activities/{activityId}/questions',
  tag,
  identity,
  permission: 'course.write',
  summary: 'Replace the questions of a quiz, in order; one with a known id keeps its lineage',
  params: activityParams,
  maxBytes: 4 * 1024 * 1024,
  body: z.object({ questions: z.array(z.object({ id: id.optional(), question: questionInput })).max(500) }),
  response: studioActivityPage,
  errors: ['not-found', 'version-frozen', 'invalid-request'],
});

export const orderCourse = defineOperation({
  id: 'orderCourse',
  method: 'PUT',
  path: '/v1/studio/courses/{courseId}/order',
  tag,
  identity,
  permission: 'course.write',
  summary: 'Reorder modules and activities: names each of the draft exactly once, else a conflict',
  params: courseParams,
  body: z.object({ modules: z.array(z.object({ id, activityIds: z.array(id).max(500) })).max(200) }),
  response: studioCourse,
  errors: ['not-found', 'conflict'],
});

export const publishCourse = defineOperation({
  id: 'publishCourse',
  method: 'POST',
  path: '/v1/studio/courses/{courseId}/publication',
  tag,
  identity,
  permission: 'course.publish',
  summary: 'Freeze the draft as the next version; new enrolments take it, running ones stay on theirs',
  params: courseParams,
  response: studioCourse,
  errors: ['not-found', 'nothing-to-publish'],
});

export const listVersions = defineOperation({
  id: 'listVersions',
  method: 'GET',
  path: '/v1/studio/courses/{courseId}/versions',
  tag,
  identity,
  permission: 'course.read',
  summary: 'Published versions of a course, newest first, with who is on them',
  params: courseParams,
  response: z.object({
    items: z.array(
      z.object({ id, number: z.int(), publishedAt: instant, publishedBy: z.string(), enrolments: z.int() }),
    ),
  }),
  errors: ['not-found'],
});
