import type { BodyOf, Locale, ResponseOf, Role } from '@preau/contract';
import type {
  acceptInvitation as acceptOperation,
  describeInvitation as describeOperation,
} from '@preau/contract/tenant/sessions';
import { record } from '../audit/record.ts';
import type { Circle, Person } from '../authentication/circle.ts';
import { hashPassword, requireStrongPassword } from '../authentication/password.ts';
import { type Entered, enter } from '../authentication/signIn.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { digestOf, newSecret } from '../http/secret.ts';
import { post } from '../mail/post.ts';
import { userInvitation } from '../mail/tenantLetters.ts';
import { requireRoom } from '../people/limit.ts';
import { type Correspondence, linkTo } from './correspondence.ts';

const INVITATION_DAYS = 14;

interface NewInvitation {
  email: string;
  role: Role;
  customRoleId?: string | null;
  course: { id: string; title: string } | null;
  inviter: { id: string; name: string };
  locale: Locale;
}

/** Invites an address, in the caller's transaction: the mail goes out when it commits. */
export async function invite(
  tx: Db,
  from: Correspondence,
  { email, role, customRoleId = null, course, inviter, locale }: NewInvitation,
): Promise<void> {
  const token = newSecret();
  const { id } = await tx.one<{ id: string }>(INVITE, [
    email,
    role,
    course?.id ?? null,
    digestOf(token),
    inviter.id,
    customRoleId,
  ]);
  const details = { role: customRoleId ?? role, courseId: course?.id };
  await record(tx, { action: 'person.invited', target: id, details, email });
  const letter = userInvitation(locale, {
    url: linkTo(from, '/invitation', token),
    platform: from.platform,
    inviter: inviter.name,
    course: course?.title ?? null,
    days: INVITATION_DAYS,
  });
  await post(tx, { to: email, locale, sender: from.sender, letter });
}

/** Whom an invitation is for. */
export async function describeInvitation(
  db: Db,
  token: string,
): Promise<ResponseOf<typeof describeOperation>> {
  return found(
    await db.maybe<ResponseOf<typeof describeOperation>>(DESCRIBE, [digestOf(token)]),
    'token-invalid',
  );
}

/**
 * Makes the invited person a user, enrols them in every course that any open invitation names, and signs them
 * in. The mail proved the address. Whoever has an account already keeps its password and signs in with it.
 */
export async function acceptInvitation(
  circle: Circle,
  platform: Db,
  { token, name, password, locale }: BodyOf<typeof acceptOperation>,
  visitor: Visitor,
): Promise<Entered> {
  return circle.db.transaction(async (tx) => {
    const invitation = found(
      await tx.maybe<{ id: string; email: string; role: Role; customRoleId: string | null }>(ACCEPT, [
        digestOf(token),
      ]),
      'token-invalid',
    );
    requireStrongPassword(password, [invitation.email, name, ...(await circle.about(tx, null))]);
    if (invitation.role === 'learner') await requireRoom(platform, tx, 1);
    const hash = await hashPassword(password);
    const user = await tx.maybe<Person>(CREATE, [
      invitation.email,
      name,
      hash,
      locale,
      invitation.role,
      invitation.customRoleId,
    ]);
    if (!user) refuse('token-invalid');
    await acceptPending(tx, { id: user.id, email: invitation.email }, invitation.id);
    await record(tx, {
      action: 'invitation.accepted',
      target: invitation.id,
      details: { role: invitation.role },
      actor: { kind: 'user', id: user.id },
    });
    return enter(circle, user, 'invitation', visitor, { tx, expected: true });
  });
}

/**
 * Enrols somebody who has just proved an address in every course that an open invitation to it names. A role
 * comes only with the invitation that was opened itself.
 */
export async function acceptPending(
  tx: Db,
  user: { id: string; email: string },
  opened: string | null = null,
): Promise<void> {
  await tx.query(ENROL, [user.id, user.email, opened]);
  await tx.query(
    `UPDATE invitations SET state = 'accepted', accepted_at = now(), updated_at = now()
     WHERE email = $1 AND state = 'pending' AND role = 'learner' AND custom_role_id IS NULL`,
    [user.email],
  );
}

const INVITE = `
INSERT INTO invitations (email, role, course_id, token_hash, expires_at, invited_by_id, custom_role_id)
VALUES ($1, $2::enum_invitations_role, $3, $4, now() + make_interval(days => ${INVITATION_DAYS}), $5, $6) RETURNING id`;

const OPEN = `i.state = 'pending' AND i.expires_at > now()`;

const DESCRIBE = `
SELECT i.email, i.role::text,
  (SELECT json_build_object('id', k.id, 'name', k.name) FROM roles k WHERE k.id = i.custom_role_id) AS "customRole",
  coalesce((SELECT u.name FROM users u WHERE u.id = i.invited_by_id), '') AS "invitedBy",
  (SELECT c.title FROM courses c WHERE c.id = i.course_id) AS "courseTitle"
FROM invitations i WHERE i.token_hash = $1 AND ${OPEN}`;

const ACCEPT = `
UPDATE invitations i SET state = 'accepted', accepted_at = now(), updated_at = now()
WHERE i.token_hash = $1 AND ${OPEN} RETURNING i.id, i.email, i.role::text, i.custom_role_id AS "customRoleId"`;

/** Somebody who registered without confirming is confirmed by the invitation. */
const CREATE = `
INSERT INTO users (email, name, password_hash, locale, role, custom_role_id, status)
VALUES ($1, $2, $3, $4::enum_users_locale, $5::enum_users_role, $6, 'active')
ON CONFLICT (tenant_id, email) DO UPDATE SET
  name = excluded.name, password_hash = excluded.password_hash, locale = excluded.locale, role = excluded.role,
  custom_role_id = excluded.custom_role_id, status = 'active', updated_at = now()
  WHERE users.status = 'pending'
RETURNING id, email, name, password_hash AS "passwordHash"`;

/** The one just accepted and every other that is still open. */
const ENROL = `
INSERT INTO enrolments (user_id, course_id, course_version_id, source, enrolled_at)
SELECT DISTINCT $1::uuid, c.id, c.published_version_id, 'invitation'::enum_enrolments_source, now()
FROM invitations i JOIN courses c ON c.id = i.course_id
WHERE i.email = $2 AND c.published_version_id IS NOT NULL
  AND (i.id = $3::uuid OR ${OPEN})
ON CONFLICT (tenant_id, user_id, course_id, cycle) DO NOTHING`;
