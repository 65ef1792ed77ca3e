import { operations } from '@preau/contract';
import { record } from '../audit/record.ts';
import { courseOf, type KnownCourse } from '../courses/facts.ts';
import type { Db } from '../database/db.ts';
import { csvFile } from '../http/csv.ts';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { can as canCourse } from '../policies/course.ts';
import { can } from '../policies/enrolment.ts';
import { can as canExport } from '../policies/export.ts';
import { can as canProgress } from '../policies/progress.ts';
import type { User } from '../policies/viewer.ts';
import { enrolmentsCsv } from './csv.ts';
import { endEnrolment, enrolPeople, grantAttempt } from './enrol.ts';
import { allEnrolments, listEnrolments } from './list.ts';
import { enrolMyself } from './self.ts';

export const enrolmentOperations: Implementation[] = [
  implement(operations.enrolMyself, ({ db, caller, params }) => enrolMyself(db, caller.user, params.slug)),
  implement(operations.listEnrolments, async ({ db, caller, params, query }) => {
    const { own } = await courseOf(db, caller.user, params);
    if (!canProgress(caller.user, 'read', { userId: null, own })) refuse('not-found');
    return listEnrolments(db, params.courseId, query);
  }),
  implement(operations.exportEnrolments, async ({ db, caller, params, query, locale }) => {
    const { own } = await courseOf(db, caller.user, params);
    if (!canExport(caller.user, 'personal-data', { own })) {
      refuse(canProgress(caller.user, 'read', { userId: null, own }) ? 'forbidden' : 'not-found');
    }
    const { items } = await allEnrolments(db, params.courseId, query);
    await record(db, {
      action: 'enrolments.exported',
      target: params.courseId,
      details: { rows: items.length },
    });
    return csvFile(locale === 'fr' ? 'inscriptions' : 'enrolments', enrolmentsCsv(items, locale));
  }),
  implement(operations.enrolPeople, async ({ app, db, scoped, caller, params, body, locale }) => {
    const course = await courseOf(db, caller.user, params);
    if (!can(caller.user, 'manage', { own: course.own })) refuse(hidden(caller.user, course));
    const platform = scoped({ kind: 'platform' });
    const context = { platform, publicUrl: app.settings.PREAU_PUBLIC_URL, inviter: caller.user, locale };
    return enrolPeople(db, context, params.courseId, body);
  }),
  implement(operations.endEnrolment, async ({ db, caller, params }) => {
    await requireEnrolment(db, caller.user, params.enrolmentId);
    return endEnrolment(db, params.enrolmentId);
  }),
  implement(operations.grantAttempt, async ({ db, caller, params, body }) => {
    await requireEnrolment(db, caller.user, params.enrolmentId);
    return grantAttempt(db, params.enrolmentId, body.activityId);
  }),
];

/** Refuses who may not manage an enrolment; whoever may not even see it does not learn that it is there. */
async function requireEnrolment(db: Db, viewer: User, enrolmentId: string): Promise<void> {
  const course = await courseOf(db, viewer, { enrolmentId });
  const { userId, team } = await db.one<{ userId: string; team: boolean }>(OF_WHOM, [enrolmentId, viewer.id]);
  const relation = { own: course.own, team };
  if (can(viewer, 'manage', relation)) return;
  refuse(canProgress(viewer, 'read', { userId, ...relation }) ? 'forbidden' : 'not-found');
}

const hidden = (viewer: User, course: KnownCourse) =>
  canCourse(viewer, 'read', course) ? 'forbidden' : 'not-found';

const OF_WHOM = `
SELECT e.user_id AS "userId", u.manager_id IS NOT DISTINCT FROM $2 AS team
FROM enrolments e JOIN users u ON u.id = e.user_id WHERE e.id = $1`;
