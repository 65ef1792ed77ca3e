import { type BodyOf, builtInRoles, type Locale, type ResponseOf, type Role } from '@preau/contract';
import type {
  invitePeople as inviteOperation,
  updatePerson as operation,
  Person,
} from '@preau/contract/tenant/people';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { grantsOf } from '../policies/grants.ts';
import { can, keepsAnAdministrator } from '../policies/person.ts';
import { can as canRole } from '../policies/role.ts';
import type { User } from '../policies/viewer.ts';
import { requireWritable } from '../site/state.ts';
import { correspondenceOf } from '../users/correspondence.ts';
import { invite } from '../users/invitation.ts';
import { endSessions } from '../users/session.ts';
import { requireRoom } from './limit.ts';
import { PERSON } from './list.ts';

/**
 * Changes a role, or disables and enables somebody; their sessions end. The administrators' rows are locked
 * while it is decided, so two administrators cannot remove each other at the same moment.
 */
export async function updatePerson(
  db: Db,
  viewer: User,
  userId: string,
  body: BodyOf<typeof operation>,
): Promise<Person> {
  await db.transaction(async (tx) => {
    const administrators = await tx.query<{ id: string }>(LOCK_ADMINISTRATORS);
    const person = found(
      await tx.maybe<{ role: Role; custom: unknown; status: 'active' | 'disabled' }>(LOCK_PERSON, [userId]),
    );
    const next = { role: body.role ?? person.role, active: (body.state ?? person.status) === 'active' };
    const change = {
      role: person.role,
      active: person.status === 'active',
      administrators: administrators.length,
      next,
    };
    const grants = grantsOf(person);
    if (body.role !== undefined && !canRole(viewer, 'assign', { grants: [grants, builtInRoles[body.role]] }))
      refuse('forbidden');
    if (body.state !== undefined && !can(viewer, 'manage', { grants })) refuse('forbidden');
    if (!keepsAnAdministrator(change)) refuse('last-owner');
    await tx.query(CHANGE, [userId, next.role, next.active ? 'active' : 'disabled', body.role !== undefined]);
    const given = body.role !== undefined && (next.role !== person.role || person.custom !== null);
    if (given || next.active !== change.active) await endSessions(tx, userId);
  });
  return (
    await db.one<{ person: Person }>(`SELECT ${PERSON} AS person FROM users u WHERE u.id = $1`, [userId])
  ).person;
}

/** Invites people to the platform, into a role that allows no more than the inviter's; those who are known are reported, not invited again. */
export async function invitePeople(
  db: Db,
  platform: Db,
  publicUrl: string,
  inviter: User & { name: string },
  { emails, role }: BodyOf<typeof inviteOperation>,
  locale: Locale,
): Promise<ResponseOf<typeof inviteOperation>> {
  if (!can(inviter, 'invite', { grants: builtInRoles[role] })) refuse('forbidden');
  await requireWritable(db);
  const unique = [...new Set(emails)];
  const from = await correspondenceOf(db, publicUrl);
  return db.transaction(async (tx) => {
    const known = new Set((await tx.query<{ email: string }>(KNOWN, [unique])).map(({ email }) => email));
    const invited = unique.filter((email) => !known.has(email));
    if (role === 'learner') await requireRoom(platform, tx, invited.length);
    // A second invitation replaces the first: one link works for one address.
    await tx.query(REPLACE, [invited]);
    for (const email of invited) await invite(tx, from, { email, role, course: null, inviter, locale });
    return {
      items: unique.map((email) => ({
        email,
        outcome: known.has(email) ? ('known' as const) : ('invited' as const),
      })),
    };
  });
}

const LOCK_ADMINISTRATORS = `
SELECT u.id FROM users u WHERE u.role = 'administrator' AND u.status = 'active' ORDER BY u.id FOR UPDATE`;
const LOCK_PERSON = `
SELECT u.role::text, u.status::text, (SELECT k.grants FROM roles k WHERE k.id = u.custom_role_id) AS custom
FROM users u WHERE u.id = $1 AND u.status <> 'pending' FOR UPDATE`;
const CHANGE = `
UPDATE users SET role = $2::enum_users_role, status = $3::enum_users_status, updated_at = now(),
  custom_role_id = CASE WHEN $4::boolean THEN NULL ELSE custom_role_id END
WHERE id = $1`;
const KNOWN = `SELECT u.email FROM users u WHERE u.email = ANY ($1::text[]) AND u.status <> 'pending'`;
const REPLACE = `
UPDATE invitations SET state = 'revoked', updated_at = now()
WHERE email = ANY ($1::text[]) AND state = 'pending' AND course_id IS NULL`;
