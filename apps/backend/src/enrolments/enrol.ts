import type { BodyOf, Locale, ResponseOf } from '@preau/contract';
import type { enrolPeople as operation } from '@preau/contract/tenant/enrolments';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { post } from '../mail/post.ts';
import { enrolment as enrolmentLetter } from '../mail/tenantLetters.ts';
import { requireRoom } from '../people/limit.ts';
import { requireWritable } from '../site/state.ts';
import { correspondenceOf } from '../users/correspondence.ts';
import { invite } from '../users/invitation.ts';

type Outcome = ResponseOf<typeof operation>['items'][number]['outcome'];
interface Classified {
  email: string;
  userId: string | null;
  locale: Locale | null;
  outcome: Outcome;
}

/**
 * Enrols known people at once and invites unknown addresses. A dry run says what would happen, from the same
 * classification. Repeating it changes nothing: whoever is enrolled or invited is reported as such.
 */
export async function enrolPeople(
  db: Db,
  context: { platform: Db; publicUrl: string; inviter: { id: string; name: string }; locale: Locale },
  courseId: string,
  { emails, dryRun }: BodyOf<typeof operation>,
): Promise<ResponseOf<typeof operation>> {
  const course = found(
    await db.maybe<{ id: string; slug: string; title: string; publishedId: string | null }>(
      'SELECT c.id, c.slug, c.title, c.published_version_id AS "publishedId" FROM courses c WHERE c.id = $1',
      [courseId],
    ),
  );
  if (course.publishedId === null) refuse('nothing-to-publish');
  await requireWritable(db);
  const from = await correspondenceOf(db, context.publicUrl);
  return db.transaction(async (tx) => {
    const people = await tx.query<Classified & Record<string, unknown>>(CLASSIFY, [
      [...new Set(emails)],
      courseId,
    ]);
    const invited = people.filter(({ outcome }) => outcome === 'invited');
    await requireRoom(context.platform, tx, invited.length);
    const items = people.map(({ email, outcome }) => ({ email, outcome }));
    if (dryRun) return { items };
    const enrolled = people.filter(({ outcome }) => outcome === 'enrolled');
    const userIds = enrolled.flatMap(({ userId }) => userId ?? []);
    await tx.query(ENROL, [courseId, userIds]);
    if (userIds.length > 0)
      await record(tx, { action: 'enrolment.made', target: courseId, details: { userIds } });
    for (const { email, locale } of enrolled) {
      const url = `${from.address}/courses/${course.slug}`;
      const letter = enrolmentLetter(locale ?? context.locale, {
        url,
        platform: from.platform,
        course: course.title,
      });
      await post(tx, { to: email, locale: locale ?? context.locale, sender: from.sender, letter });
    }
    for (const { email } of invited) {
      const { inviter, locale } = context;
      await invite(tx, from, { email, role: 'learner', course, inviter, locale });
    }
    return { items };
  });
}

/** Suspends an enrolment; its progress stays and comes back when the person is enrolled again. */
export async function endEnrolment(db: Db, enrolmentId: string): Promise<undefined> {
  await db.transaction(async (tx) => {
    const { userId, courseId } = found(
      await tx.maybe<{ userId: string; courseId: string }>(
        `UPDATE enrolments SET state = 'suspended', updated_at = now() WHERE id = $1
         RETURNING user_id AS "userId", course_id AS "courseId"`,
        [enrolmentId],
      ),
    );
    await record(tx, { action: 'enrolment.ended', target: userId, details: { courseId } });
  });
  return undefined;
}

/** Allows one more attempt at a quiz of the version that the learner follows. */
export async function grantAttempt(db: Db, enrolmentId: string, activityId: string): Promise<undefined> {
  await db.transaction(async (tx) => {
    found(await tx.maybe(GRANT, [enrolmentId, activityId]));
    const { userId } = await tx.one<{ userId: string }>(
      'SELECT user_id AS "userId" FROM enrolments WHERE id = $1',
      [enrolmentId],
    );
    await record(tx, { action: 'attempt.granted', target: userId, details: { activityId } });
  });
  return undefined;
}

const CLASSIFY = `
SELECT g.email, u.id AS "userId", u.locale::text AS locale,
  CASE
    WHEN e.state IN ('active', 'completed') THEN 'already-enrolled'
    WHEN u.id IS NOT NULL THEN 'enrolled'
    WHEN EXISTS (SELECT 1 FROM invitations i WHERE i.email = g.email AND i.course_id = $2 AND i.state = 'pending'
      AND i.expires_at > now()) THEN 'already-invited'
    ELSE 'invited'
  END AS outcome
FROM unnest($1::text[]) WITH ORDINALITY AS g (email, place)
LEFT JOIN users u ON u.email = g.email AND u.status <> 'pending'
LEFT JOIN LATERAL (
  SELECT o.state FROM enrolments o WHERE o.user_id = u.id AND o.course_id = $2 ORDER BY o.cycle DESC LIMIT 1
) e ON true
ORDER BY g.place`;

/** Newcomers take the published version; whoever was suspended goes on where they were. */
const ENROL = `
INSERT INTO enrolments (user_id, course_id, course_version_id, source, enrolled_at)
SELECT person.id, c.id, c.published_version_id, 'manual'::enum_enrolments_source, now()
FROM courses c CROSS JOIN unnest($2::uuid[]) AS person (id)
WHERE c.id = $1
ON CONFLICT (tenant_id, user_id, course_id, cycle) DO UPDATE SET
  state = CASE WHEN enrolments.completed_at IS NULL THEN 'active' ELSE 'completed' END::enum_enrolments_state,
  updated_at = now()
  WHERE enrolments.state = 'suspended'`;

const GRANT = `
INSERT INTO progress (enrolment_id, activity_id, first_seen_at, last_seen_at, granted_attempts)
SELECT e.id, a.id, now(), now(), 1
FROM enrolments e JOIN activities a ON a.version_id = e.course_version_id
WHERE e.id = $1 AND a.id = $2 AND a.type = 'quiz'
ON CONFLICT (tenant_id, enrolment_id, activity_id) DO UPDATE SET
  granted_attempts = progress.granted_attempts + 1, updated_at = now()
RETURNING id`;
