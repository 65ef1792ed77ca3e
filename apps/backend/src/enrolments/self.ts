import type { ResponseOf } from '@preau/contract';
import type { enrolMyself as operation } from '@preau/contract/tenant/learning';
import { record } from '../audit/record.ts';
import { presentEnrolment } from '../courses/page.ts';
import { ENROLMENT, readEnrolment, type StoredEnrolment } from '../courses/standing.ts';
import { loadVersion } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { can } from '../policies/course.ts';
import type { User } from '../policies/viewer.ts';
import { requireWritable } from '../site/state.ts';

interface Row {
  id: string;
  publishedId: string | null;
  listed: boolean;
  selfEnrolment: boolean;
  enrolment: StoredEnrolment | null;
}

/** Enrols the caller in the published version. Repeating answers the same enrolment. */
export async function enrolMyself(db: Db, user: User, slug: string): Promise<ResponseOf<typeof operation>> {
  let row = found(await db.maybe<Row>(READ, [user.id, slug]));
  const facts = {
    ...row,
    published: row.publishedId !== null,
    enrolled: row.enrolment !== null,
    catalogue: 'private' as const,
    own: false,
  };
  if (!can(user, 'see', facts)) refuse('not-found');
  if (row.enrolment === null) {
    if (!can(user, 'join', facts)) refuse('enrolment-closed');
    await requireWritable(db);
    const courseId = row.id;
    await db.transaction(async (tx) => {
      await tx.query(ENROL, [user.id, courseId]);
      // Whoever enrols, also where the demonstration is filled without a request.
      await record(tx, {
        action: 'enrolment.joined',
        target: courseId,
        actor: { kind: 'user', id: user.id },
      });
    });
    row = await db.one<Row>(READ, [user.id, slug]);
  }
  const enrolment = readEnrolment(found(row.enrolment));
  if (enrolment.state === 'suspended') refuse('enrolment-closed');
  return presentEnrolment(found(await loadVersion(db, enrolment.versionId)), enrolment);
}

const READ = `
SELECT c.id, c.published_version_id AS "publishedId", c.listed, c.self_enrolment AS "selfEnrolment",
  ${ENROLMENT} AS enrolment
FROM courses c WHERE c.slug = $2`;

const ENROL = `
INSERT INTO enrolments (user_id, course_id, course_version_id, source, enrolled_at)
SELECT $1, c.id, c.published_version_id, 'self', now() FROM courses c
WHERE c.id = $2 AND c.published_version_id IS NOT NULL AND c.self_enrolment
ON CONFLICT (tenant_id, user_id, course_id, cycle) DO NOTHING`;
