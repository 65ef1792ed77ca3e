import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { email, id, instant, page, pageOf, search } from '../primitives.ts';

const tag = 'Enrolments';
const identity = 'user';

export const enrolmentRow = z.object({
  id,
  user: z.object({ id, name: z.string(), email: z.string() }),
  version: z.int(),
  state: z.enum(['active', 'completed', 'suspended', 'expired']),
  source: z.enum(['manual', 'invitation', 'self']),
  percent: z.int(),
  /** Where the learner is: the activity touched last. */
  currentActivity: z.string().nullable(),
  bestQuizPercent: z.number().nullable(),
  timeSpentSeconds: z.int(),
  enrolledAt: instant,
  lastSeenAt: instant.nullable(),
  completedAt: instant.nullable(),
});
export type EnrolmentRow = z.infer<typeof enrolmentRow>;

const filters = { search, state: z.enum(['active', 'completed', 'suspended', 'expired']).optional() };

export const listEnrolments = defineOperation({
  id: 'listEnrolments',
  method: 'GET',
  path: '/v1/studio/courses/{courseId}/enrolments',
  tag,
  identity,
  permission: 'progress.read',
  summary: 'Who is where in a course',
  params: z.object({ courseId: id }),
  query: z.object({
    ...page,
    ...filters,
    sort: z.enum(['name', 'percent', 'lastSeen', 'enrolled']).default('name'),
  }),
  response: pageOf(enrolmentRow).extend({
    course: z.object({ id, title: z.string() }),
    summary: z.object({ active: z.int(), completed: z.int(), averagePercent: z.int() }),
    /** Learners by progress, in ten steps of ten percent. */
    histogram: z.array(z.int()).length(10),
  }),
  errors: ['not-found'],
});

export const exportEnrolments = defineOperation({
  id: 'exportEnrolments',
  method: 'GET',
  path: '/v1/studio/courses/{courseId}/enrolments/csv',
  tag,
  identity,
  permission: 'export.personal-data',
  summary: 'The same as CSV (UTF-8 with BOM, semicolons in French)',
  params: z.object({ courseId: id }),
  query: z.object(filters),
  kind: 'binary',
  errors: ['not-found'],
});

export const enrolPeople = defineOperation({
  id: 'enrolPeople',
  method: 'POST',
  path: '/v1/studio/courses/{courseId}/enrolments',
  tag,
  identity,
  permission: 'enrolment.manage',
  summary:
    'Enrol known people at once and invite unknown addresses; with `dryRun` only says what would happen',
  params: z.object({ courseId: id }),
  body: z.object({ emails: z.array(email).min(1).max(1000), dryRun: z.boolean().default(false) }),
  response: z.object({
    items: z.array(
      z.object({
        email: z.string(),
        outcome: z.enum(['enrolled', 'invited', 'already-enrolled', 'already-invited']),
      }),
    ),
  }),
  errors: ['not-found', 'nothing-to-publish', 'read-only', 'limit-reached'],
});

export const endEnrolment = defineOperation({
  id: 'endEnrolment',
  method: 'DELETE',
  path: '/v1/studio/enrolments/{enrolmentId}',
  tag,
  identity,
  permission: 'enrolment.manage',
  summary: 'Suspend an enrolment; its progress is kept and comes back when the person is enrolled again',
  params: z.object({ enrolmentId: id }),
  kind: 'empty',
  status: 204,
  errors: ['not-found'],
});

export const grantAttempt = defineOperation({
  id: 'grantAttempt',
  method: 'POST',
  path: '/v1/studio/enrolments/{enrolmentId}/granted-attempts',
  tag,
  identity,
  permission: 'enrolment.manage',
  summary: 'Allow one more attempt at a quiz',
  params: z.object({ enrolmentId: id }),
  body: z.object({ activityId: id }),
  kind: 'empty',
  status: 204,
  errors: ['not-found'],
});
