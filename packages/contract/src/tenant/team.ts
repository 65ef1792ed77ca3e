import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, page, pageOf, search } from '../primitives.ts';

const tag = 'Team';
const identity = 'user';

export const teamEnrolment = z.object({
  id,
  course: z.object({ id, title: z.string() }),
  state: z.enum(['active', 'completed', 'suspended', 'expired']),
  percent: z.int(),
  /** By when it should be completed. */
  dueAt: instant.nullable(),
  /** It is past that day and not completed. */
  overdue: z.boolean(),
  lastSeenAt: instant.nullable(),
  completedAt: instant.nullable(),
  /** Code of the certificate. */
  certificate: z.string().nullable(),
});
export const teamMember = z.object({
  id,
  name: z.string(),
  email: z.string(),
  enrolments: z.array(teamEnrolment),
});
export type TeamMember = z.infer<typeof teamMember>;

export const listTeam = defineOperation({
  id: 'listTeam',
  method: 'GET',
  path: '/v1/team',
  tag,
  identity,
  permission: 'progress.read',
  summary: 'Whoever the caller manages, by name: enrolments, progress, due dates, certificates',
  query: z.object({ ...page, search }),
  response: pageOf(teamMember).extend({
    /** Over the whole team, whatever is searched for. */
    summary: z.object({ people: z.int(), active: z.int(), completed: z.int(), overdue: z.int() }),
    /** Courses into which the caller may enrol them. */
    courses: z.array(z.object({ id, title: z.string() })),
  }),
  errors: ['forbidden'],
});

export const exportTeam = defineOperation({
  id: 'exportTeam',
  method: 'GET',
  path: '/v1/team/csv',
  tag,
  identity,
  permission: 'export.personal-data',
  summary: 'The same as CSV, one line for each enrolment (UTF-8 with BOM, semicolons in French)',
  kind: 'binary',
  errors: ['forbidden'],
});

export const enrolTeam = defineOperation({
  id: 'enrolTeam',
  method: 'POST',
  path: '/v1/team/enrolments',
  tag,
  identity,
  permission: 'enrolment.manage',
  summary: 'Enrol people of the caller’s team, by a day if one is given; whoever is enrolled stays so',
  body: z.object({
    courseId: id,
    userIds: z.array(id).min(1).max(200),
    dueAt: instant.nullable().default(null),
  }),
  response: z.object({ enrolled: z.int(), already: z.int() }),
  errors: ['not-found', 'forbidden', 'nothing-to-publish', 'read-only'],
});
