import type { QueryOf, ResponseOf } from '@preau/contract';
import type {
  listInvitations as invitationsOperation,
  listPeople as operation,
  Person,
} from '@preau/contract/tenant/people';
import type { Db } from '../database/db.ts';
import { likePattern } from '../database/like.ts';

/** SQL: a person as the API shows them, from `u` users. */
const PERSON = `json_build_object(
  'id', u.id, 'name', u.name, 'email', u.email, 'role', u.role,
  'customRole', (SELECT json_build_object('id', k.id, 'name', k.name) FROM roles k WHERE k.id = u.custom_role_id),
  'manager', (SELECT json_build_object('id', m.id, 'name', m.name) FROM users m WHERE m.id = u.manager_id),
  'state', u.status,
  'secondFactor', u.totp_confirmed_at IS NOT NULL OR EXISTS (SELECT 1 FROM user_passkeys f WHERE f.user_id = u.id),
  'enrolments', (SELECT count(*) FROM enrolments e WHERE e.user_id = u.id),
  'lastSeenAt', greatest(u.last_seen_at, (
    SELECT max(p.last_seen_at) FROM enrolments e JOIN progress p ON p.enrolment_id = e.id WHERE e.user_id = u.id)),
   'createdAt', u.created_at)`;

export async function readPerson(db: Db, userId: string): Promise<Person> {
  const { person } = await db.one<{ person: Person }>(
    `SELECT ${PERSON} AS person FROM users u WHERE u.id = $1`,
    [userId],
  );
  return person;
}

/** People by name; those who have not confirmed their address are not people of the platform yet. */
export async function listPeople(
  db: Db,
  { page, pageSize, search, role, leads, state }: QueryOf<typeof operation>,
): Promise<ResponseOf<typeof operation>> {
  const rows = await db.query<{ item: Person; total: number }>(LIST, [
    search ? likePattern(search) : null,
    role ?? null,
    state ?? null,
    pageSize,
    (page - 1) * pageSize,
    leads === 'true',
  ]);
  return { items: rows.map(({ item }) => item), page, pageSize, total: rows[0]?.total ?? 0 };
}

/** Invitations that can still be accepted, newest first. */
export async function listInvitations(
  db: Db,
  { page, pageSize }: QueryOf<typeof invitationsOperation>,
): Promise<ResponseOf<typeof invitationsOperation>> {
  type Item = ResponseOf<typeof invitationsOperation>['items'][number];
  const rows = await db.query<{ item: Item; total: number }>(INVITATIONS, [pageSize, (page - 1) * pageSize]);
  return { items: rows.map(({ item }) => item), page, pageSize, total: rows[0]?.total ?? 0 };
}

const LIST = `
SELECT ${PERSON} AS item, (count(*) OVER ())::int AS total
FROM users u
WHERE u.status <> 'pending'
  AND ($1::text IS NULL OR u.name ILIKE $1 OR u.email ILIKE $1)
  AND ($2::text IS NULL OR coalesce(u.custom_role_id::text, u.role::text) = $2)
  AND ($3::text IS NULL OR u.status::text = $3)
  AND (NOT $6::boolean OR (u.custom_role_id IS NULL AND u.role IN ('manager', 'administrator'))
    OR EXISTS (SELECT 1 FROM roles k WHERE k.id = u.custom_role_id
      AND (k.grants -> 'progress.read' ? 'team' OR k.grants -> 'progress.read' ? 'all')))
ORDER BY u.name, u.id LIMIT $4 OFFSET $5`;

const INVITATIONS = `
SELECT json_build_object(
  'id', i.id, 'email', i.email, 'role', i.role,
  'customRole', (SELECT json_build_object('id', k.id, 'name', k.name) FROM roles k WHERE k.id = i.custom_role_id),
  'courseTitle', (SELECT c.title FROM courses c WHERE c.id = i.course_id),
  'invitedBy', coalesce((SELECT u.name FROM users u WHERE u.id = i.invited_by_id), ''),
  'expiresAt', i.expires_at
) AS item, (count(*) OVER ())::int AS total
FROM invitations i WHERE i.state = 'pending' AND i.expires_at > now()
ORDER BY i.created_at DESC, i.id LIMIT $1 OFFSET $2`;
