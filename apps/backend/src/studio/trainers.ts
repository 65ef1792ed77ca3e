import type { ResponseOf, Role } from '@preau/contract';
import type { setTrainers as operation } from '@preau/contract/tenant/trainers';
import { record } from '../audit/record.ts';
import type { KnownCourse } from '../courses/facts.ts';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { grantedWithin, grantsOf } from '../policies/grants.ts';
import { can } from '../policies/trainer.ts';
import type { User } from '../policies/viewer.ts';

type Trainers = ResponseOf<typeof operation>;
interface Candidate {
  id: string;
  name: string;
  role: Role;
  custom: unknown;
  trainer: boolean;
}

export async function listTrainers(db: Db, viewer: User, course: KnownCourse): Promise<Trainers> {
  const people = await db.query<Candidate & Record<string, unknown>>(PEOPLE, [course.id]);
  return {
    items: people.flatMap(({ id, name, trainer, ...stored }) => {
      const grants = grantsOf(stored);
      if (!trainer && grantedWithin(grants, 'own').length === 0) return [];
      return [
        { id, name, trainer, assignable: can(viewer, 'assign', { own: course.own, people: [grants] }) },
      ];
    }),
  };
}

/** Replaces the trainers of a course; who stays is no change, whatever they may do. */
export async function setTrainers(
  db: Db,
  viewer: User,
  course: KnownCourse,
  userIds: readonly string[],
): Promise<Trainers> {
  await db.transaction(async (tx) => {
    await tx.query('SELECT 1 FROM courses c WHERE c.id = $1 FOR UPDATE', [course.id]);
    const people = await tx.query<Candidate & Record<string, unknown>>(PEOPLE, [course.id]);
    const wanted = new Set(userIds);
    const unknown = userIds.find((one) => !people.some(({ id }) => id === one));
    if (unknown) refuse('invalid-request', {}, [{ path: 'body.userIds', message: unknown }]);
    const changed = people.filter(({ id, trainer }) => trainer !== wanted.has(id));
    const facts = { own: course.own, people: changed.map(grantsOf) };
    if (!can(viewer, 'assign', facts)) refuse('forbidden');
    if (changed.length === 0) return;
    const ids = (trainer: boolean) => changed.filter((each) => each.trainer === trainer).map(({ id }) => id);
    await tx.query('DELETE FROM course_trainers WHERE course_id = $1 AND user_id = ANY ($2::uuid[])', [
      course.id,
      ids(true),
    ]);
    await tx.query(
      'INSERT INTO course_trainers (course_id, user_id) SELECT $1, n.id FROM unnest($2::uuid[]) AS n (id)',
      [course.id, ids(false)],
    );
    await record(tx, { action: 'course.changed', target: course.id, details: { fields: ['trainers'] } });
  });
  return listTrainers(db, viewer, course);
}

const PEOPLE = `
SELECT u.id, u.name, u.role::text AS role, (SELECT k.grants FROM roles k WHERE k.id = u.custom_role_id) AS custom,
  EXISTS (SELECT 1 FROM course_trainers r WHERE r.course_id = $1 AND r.user_id = u.id) AS trainer
FROM users u
WHERE u.status = 'active' AND (u.role <> 'learner' OR u.custom_role_id IS NOT NULL
  OR EXISTS (SELECT 1 FROM course_trainers r WHERE r.course_id = $1 AND r.user_id = u.id))
ORDER BY u.name, u.id`;
