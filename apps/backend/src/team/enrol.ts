import type { BodyOf, Locale, ResponseOf } from '@preau/contract';
import type { enrolTeam as operation } from '@preau/contract/tenant/team';
import { courseOf } from '../courses/facts.ts';
import type { Db } from '../database/db.ts';
import { enrolPeople } from '../enrolments/enrol.ts';
import { refuse } from '../http/problem.ts';
import { can as canCourse } from '../policies/course.ts';
import { can } from '../policies/enrolment.ts';
import type { User } from '../policies/viewer.ts';

/** Enrols people whom the caller manages. Repeating it enrols nobody twice and leaves the same due date. */
export async function enrolTeam(
  db: Db,
  context: { platform: Db; publicUrl: string; inviter: User & { name: string }; locale: Locale },
  { courseId, userIds, dueAt }: BodyOf<typeof operation>,
): Promise<ResponseOf<typeof operation>> {
  const { inviter } = context;
  const unique = [...new Set(userIds)];
  const members = await db.query<{ email: string; team: boolean }>(MEMBERS, [unique, inviter.id]);
  const all = members.length === unique.length;
  if (!all || members.some(({ team }) => !can(inviter, 'manage', { team }))) refuse('not-found');
  if (!canCourse(inviter, 'see', await courseOf(db, inviter, { courseId }))) refuse('not-found');
  const emails = members.map(({ email }) => email);
  const { items } = await enrolPeople(db, context, courseId, { emails, dryRun: false });
  if (dueAt !== null) await db.query(SET_DUE, [courseId, unique, dueAt]);
  const enrolled = items.filter(({ outcome }) => outcome === 'enrolled').length;
  return { enrolled, already: items.length - enrolled };
}

const MEMBERS = `
SELECT u.email, u.manager_id IS NOT DISTINCT FROM $2 AS team
FROM users u WHERE u.id = ANY ($1::uuid[]) AND u.status = 'active'`;
const SET_DUE = `
UPDATE enrolments SET due_at = $3, updated_at = now()
WHERE course_id = $1 AND user_id = ANY ($2::uuid[]) AND state = 'active'`;
