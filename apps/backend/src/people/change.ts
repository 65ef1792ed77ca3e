import type { BodyOf, Locale, ResponseOf, Role } from '@preau/contract';
import type {
  invitePeople as inviteOperation,
  updatePerson as operation,
  Person,
} from '@preau/contract/tenant/people';
import { record } from '../audit/record.ts';
import { users } from '../authentication/realm.ts';
import { endSessions } from '../authentication/session.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { grantsOf } from '../policies/grants.ts';
import { can, canLead, keepsAnAdministrator } from '../policies/person.ts';
import { can as canRole } from '../policies/role.ts';
import type { User } from '../policies/viewer.ts';
import { resolveRole } from '../roles/read.ts';
import { requireWritable } from '../site/state.ts';
import { correspondenceOf } from '../users/correspondence.ts';
import { invite } from '../users/invitation.ts';
import { requireRoom } from './limit.ts';
import { readPerson } from './list.ts';

interface LockedPerson {
  role: Role;
  custom: unknown;
  customRoleId: string | null;
  managerId: string | null;
  status: 'active' | 'disabled';
}

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
    const person = found(await tx.maybe<LockedPerson & Record<string, unknown>>(LOCK_PERSON, [userId]));
    const given = body.role === undefined ? null : await resolveRole(tx, body.role);
    const next = { role: given?.role ?? person.role, active: (body.state ?? person.status) === 'active' };
    const change = {
      role: person.role,
      active: person.status === 'active',
      administrators: administrators.length,
      next,
    };
    const grants = grantsOf(person);
    if (given && !canRole(viewer, 'assign', { grants: [grants, given.grants] })) refuse('forbidden');
    if (body.state !== undefined && !can(viewer, 'manage', { grants })) refuse('forbidden');
    if (!keepsAnAdministrator(change)) refuse('last-owner');
    if (body.managerId !== undefined) await setManager(tx, viewer, userId, person, body.managerId);
    const customRoleId = given ? given.customRoleId : person.customRoleId;
    await tx.query(CHANGE, [userId, next.role, next.active ? 'active' : 'disabled', customRoleId]);
    const exchanged = next.role !== person.role || customRoleId !== person.customRoleId;
    if (exchanged || next.active !== change.active) await endSessions(tx, users, userId, null);
    if (exchanged) {
      const details = { from: person.customRoleId ?? person.role, to: customRoleId ?? next.role };
      await record(tx, { action: 'person.role-changed', target: userId, details });
    }
    if (next.active !== change.active)
      await record(tx, { action: next.active ? 'person.enabled' : 'person.disabled', target: userId });
  });
  return readPerson(db, userId);
}

/** Says who manages somebody; nobody manages themselves. */
async function setManager(
  tx: Db,
  viewer: User,
  userId: string,
  { managerId: before }: LockedPerson,
  managerId: string | null,
): Promise<void> {
  if (managerId === before) return;
  const ids = [before, managerId].filter((one) => one !== null);
  const managers = await tx.query<{ id: string; role: Role; custom: unknown }>(MANAGERS, [ids]);
  if (managerId === userId || (managerId !== null && !managers.some(({ id }) => id === managerId))) {
    refuse('invalid-request', {}, [{ path: 'body.managerId', message: managerId ?? '' }]);
  }
  if (!canLead(viewer, 'lead', { managers: managers.map(grantsOf), team: before === viewer.id })) {
    refuse('forbidden');
  }
  await tx.query('UPDATE users SET manager_id = $2 WHERE id = $1', [userId, managerId]);
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
  await requireWritable(db);
  const unique = [...new Set(emails)];
  const from = await correspondenceOf(db, publicUrl);
  return db.transaction(async (tx) => {
    const resolved = await resolveRole(tx, role);
    if (!can(inviter, 'invite', resolved)) refuse('forbidden');
    const known = new Set((await tx.query<{ email: string }>(KNOWN, [unique])).map(({ email }) => email));
    const invited = unique.filter((email) => !known.has(email));
    if (resolved.role === 'learner') await requireRoom(platform, tx, invited.length);
    // A second invitation replaces the first: one link works for one address.
    await tx.query(REPLACE, [invited]);
    for (const email of invited)
      await invite(tx, from, { email, ...resolved, course: null, inviter, locale });
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
SELECT u.role::text, u.status::text, u.custom_role_id AS "customRoleId", u.manager_id AS "managerId",
  (SELECT k.grants FROM roles k WHERE k.id = u.custom_role_id) AS custom
FROM users u WHERE u.id = $1 AND u.status <> 'pending' FOR UPDATE`;
const CHANGE = `
UPDATE users SET role = $2::enum_users_role, status = $3::enum_users_status, updated_at = now(),
  custom_role_id = $4
WHERE id = $1`;
const MANAGERS = `
SELECT u.id, u.role::text AS role, (SELECT k.grants FROM roles k WHERE k.id = u.custom_role_id) AS custom
FROM users u WHERE u.id = ANY ($1::uuid[]) AND u.status <> 'pending'`;
const KNOWN = `SELECT u.email FROM users u WHERE u.email = ANY ($1::text[]) AND u.status <> 'pending'`;
const REPLACE = `
UPDATE invitations SET state = 'revoked', updated_at = now()
WHERE email = ANY ($1::text[]) AND state = 'pending' AND course_id IS NULL`;
