import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, page, pageOf, search, slug } from '../primitives.ts';
import { activityType, richText } from './content.ts';

export const courseCard = z.object({
  id,
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  cover: z.object({ assetId: id, alt: z.string() }).nullable(),
  durationMinutes: z.int(),
  modules: z.int(),
  activities: z.int(),
  /** Null for somebody who is not enrolled. */
  enrolment: z
    .object({
      id,
      state: z.enum(['active', 'completed', 'suspended', 'expired']),
      percent: z.int(),
      completedAt: instant.nullable(),
    })
    .nullable(),
});
export type CourseCard = z.infer<typeof courseCard>;

export const listCourses = defineOperation({
  id: 'listCourses',
  method: 'GET',
  path: '/v1/courses',
  tag: 'Learning',
  identity: 'visitor',
  permission: 'everyone',
  summary:
    'The catalogue: published courses that the caller may see (nothing for visitors where it is private)',
  query: z.object({ ...page, search }),
  response: pageOf(courseCard),
});

/** Why something is locked, as data; the instance words it. */
export const lockReason = z.object({
  kind: z.enum(['activity', 'module', 'score', 'date', 'enrolment']),
  /** What must be done first. */
  title: z.string().nullable(),
  activityId: id.nullable(),
  percent: z.number().nullable(),
  at: instant.nullable(),
});
export type LockReason = z.infer<typeof lockReason>;

export const outlineActivity = z.object({
  id,
  lineage: id,
  type: activityType,
  title: z.string(),
  minutes: z.int(),
  state: z.enum(['locked', 'open', 'started', 'completed', 'failed']),
  /** Every reason of a lock; empty when it is open. `any`: one of them is enough. */
  locks: z.array(lockReason),
  lockMode: z.enum(['all', 'any']),
});
export const outlineModule = z.object({
  id,
  title: z.string(),
  summary: z.string(),
  completed: z.boolean(),
  activities: z.array(outlineActivity),
});
export type OutlineModule = z.infer<typeof outlineModule>;
export type OutlineActivity = z.infer<typeof outlineActivity>;

const enrolment = z.object({
  id,
  state: z.enum(['active', 'completed', 'suspended', 'expired']),
  percent: z.int(),
  enrolledAt: instant,
  completedAt: instant.nullable(),
  dueAt: instant.nullable(),
  credentialCode: z.string().nullable(),
  /** Where to go on; null when everything is done. */
  nextActivityId: id.nullable(),
});

export const coursePage = z.object({
  id,
  slug: z.string(),
  title: z.string(),
  summary: z.string(),
  objectives: z.array(z.string()),
  audience: z.string(),
  prerequisites: z.string(),
  attribution: z.string(),
  cover: z.object({ assetId: id, alt: z.string() }).nullable(),
  durationMinutes: z.int(),
  version: z.int(),
  selfEnrolment: z.boolean(),
  enrolment: enrolment.nullable(),
  modules: z.array(outlineModule),
});
export type CoursePage = z.infer<typeof coursePage>;

export const getCourse = defineOperation({
  id: 'getCourse',
  method: 'GET',
  path: '/v1/courses/{slug}',
  tag: 'Learning',
  identity: 'visitor',
  permission: 'everyone',
  summary:
    'The course page: the outline of the version that the caller is enrolled in, else of the published one',
  params: z.object({ slug }),
  response: coursePage,
  errors: ['not-found'],
});

export const enrolMyself = defineOperation({
  id: 'enrolMyself',
  method: 'POST',
  path: '/v1/courses/{slug}/enrolment',
  tag: 'Learning',
  identity: 'user',
  permission: 'everyone',
  summary: 'Enrol in a course that is open to self-enrolment; repeating changes nothing',
  params: z.object({ slug }),
  response: enrolment,
  status: 201,
  errors: ['not-found', 'enrolment-closed', 'read-only'],
});

export const dashboard = z.object({
  /** What to go on with: the enrolment touched last that is not complete. */
  resume: z.object({ course: courseCard, activityId: id, activityTitle: z.string() }).nullable(),
  courses: z.array(courseCard),
  credentials: z.array(z.object({ code: z.string(), courseTitle: z.string(), issuedAt: instant })),
});
export type Dashboard = z.infer<typeof dashboard>;

export const getDashboard = defineOperation({
  id: 'getDashboard',
  method: 'GET',
  path: '/v1/me/dashboard',
  tag: 'Learning',
  identity: 'user',
  permission: 'everyone',
  summary: 'My courses, where to go on, my certificates',
  response: dashboard,
});

export const activityPage = z.object({
  course: z.object({
    slug: z.string(),
    title: z.string(),
    percent: z.int(),
    completed: z.boolean(),
    credentialCode: z.string().nullable(),
  }),
  enrolmentId: id.nullable(),
  /** True where a trainer looks at the draft: nothing is recorded. */
  preview: z.boolean(),
  id,
  type: activityType,
  title: z.string(),
  minutes: z.int(),
  state: z.enum(['open', 'started', 'completed', 'failed']),
  completion: z.enum(['viewed', 'marked', 'passed', 'submitted']),
  /** Lessons only. */
  content: richText.nullable(),
  /** Where the learner stopped: a fraction of the page, 0 to 1. */
  position: z.number().min(0).max(1),
  /** Quizzes only. */
  quiz: z
    .object({
      introduction: z.string(),
      questions: z.int(),
      passPercent: z.number(),
      attemptsAllowed: z.int().nullable(),
      attemptsUsed: z.int(),
      timeLimitMinutes: z.int().nullable(),
      bestPercent: z.number().nullable(),
      passed: z.boolean(),
      openAttemptId: id.nullable(),
      lastAttemptId: id.nullable(),
    })
    .nullable(),
  /**
   * Packages only, and once one is uploaded: a signed address on the tenant's content origin, good for this
   * session and twelve hours at most. It is to be framed, never linked.
   */
  frame: z.object({ url: z.url() }).nullable(),
  previousActivityId: id.nullable(),
  nextActivityId: id.nullable(),
  /** Whether the next one is locked now. */
  nextLocked: z.boolean(),
  outline: z.array(outlineModule),
});
export type ActivityPage = z.infer<typeof activityPage>;

export const getActivity = defineOperation({
  id: 'getActivity',
  method: 'GET',
  path: '/v1/activities/{activityId}',
  tag: 'Learning',
  identity: 'user',
  permission: 'everyone',
  summary: 'One activity as its learner sees it, with the outline around it; trainers may preview drafts',
  params: z.object({ activityId: id }),
  response: activityPage,
  errors: ['not-found', 'not-enrolled', 'activity-locked'],
});

export const progressResult = z.object({
  state: z.enum(['started', 'completed']),
  percent: z.int(),
  courseCompleted: z.boolean(),
  credentialCode: z.string().nullable(),
  /** Activities that this opened. */
  unlocked: z.array(id),
});

export const saveProgress = defineOperation({
  id: 'saveProgress',
  method: 'PUT',
  path: '/v1/activities/{activityId}/progress',
  tag: 'Learning',
  identity: 'user',
  leavesSession: true,
  permission: 'everyone',
  summary:
    'Keep the reading position and the time spent, and say that a lesson was read or marked done; never goes backwards',
  params: z.object({ activityId: id }),
  body: z.object({
    position: z.number().min(0).max(1).optional(),
    /** Seconds of activity since the last call. */
    seconds: z.int().min(0).max(3600).default(0),
    /** The lesson was viewed to its end, or marked done. */
    completed: z.boolean().default(false),
  }),
  response: progressResult,
  errors: ['not-found', 'not-enrolled', 'activity-locked'],
});
