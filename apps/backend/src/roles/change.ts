import { type BodyOf, completed } from '@preau/contract';
import type {
  createRole as createOperation,
  RoleKey,
  updateRole as updateOperation,
} from '@preau/contract/tenant/roles';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { grantsOf } from '../policies/grants.ts';
import { can } from '../policies/role.ts';
import type { User } from '../policies/viewer.ts';
import { resolveRole } from './read.ts';

/** The list of roles is not paged. */
const MAX_ROLES = 100;

/** Makes a role that allows no more than the viewer may. Answers its id. */
export async function createRole(
  db: Db,
  viewer: User,
  { name, description, grants }: BodyOf<typeof createOperation>,
): Promise<string> {
  const given = completed(grants);
  if (!can(viewer, 'write', { grants: [given] })) refuse('forbidden');
  const { count } = await db.one<{ count: number }>('SELECT count(*)::int AS count FROM roles');
  if (count >= MAX_ROLES) refuse('limit-reached', { limit: MAX_ROLES });
  return db.transaction(async (tx) => {
    const created = await tx.maybe<{ id: string }>(CREATE, [name, description, JSON.stringify(given)]);
    if (!created) refuse('already-exists', { name });
    const permissions = Object.keys(given);
    await record(tx, { action: 'role.created', target: created.id, details: { permissions } });
    return created.id;
  });
}

/** Changes a role that allows, before and after, no more than the viewer may. */
export async function updateRole(
  db: Db,
  viewer: User,
  roleId: string,
  { name, description, grants }: BodyOf<typeof updateOperation>,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { custom } = found(await tx.maybe<{ custom: unknown }>(LOCK, [roleId]));
    const before = grantsOf({ role: 'learner', custom });
    const after = grants === undefined ? before : completed(grants);
    if (!can(viewer, 'write', { grants: [before, after] })) refuse('forbidden');
    if (name !== undefined && (await tx.maybe(TAKEN, [name, roleId]))) refuse('already-exists', { name });
    await tx.query(UPDATE, [
      roleId,
      name ?? null,
      description ?? null,
      grants === undefined ? null : JSON.stringify(after),
    ]);
    const permissions = Object.keys(after);
    await record(tx, { action: 'role.changed', target: roleId, details: { permissions } });
  });
}

/** Deletes a role; whoever holds it, or is invited into it, gets another one, and signs in again. */
export async function deleteRole(db: Db, viewer: User, roleId: string, replacement: RoleKey): Promise<void> {
  await db.transaction(async (tx) => {
    const { custom } = found(await tx.maybe<{ custom: unknown }>(LOCK, [roleId]));
    if (replacement === roleId)
      refuse('invalid-request', {}, [{ path: 'query.replacement', message: roleId }]);
    const next = await resolveRole(tx, replacement);
    if (!can(viewer, 'write', { grants: [grantsOf({ role: 'learner', custom }), next.grants] }))
      refuse('forbidden');
    const values = [roleId, next.role, next.customRoleId];
    await tx.query(REASSIGN_INVITATIONS, values);
    await tx.query(REASSIGN, values);
    await tx.query('DELETE FROM roles WHERE id = $1', [roleId]);
    await record(tx, { action: 'role.deleted', target: roleId, details: { to: replacement } });
  });
}

const LOCK = 'SELECT k.grants AS custom FROM roles k WHERE k.id = $1 FOR UPDATE';
const TAKEN = 'SELECT 1 AS one FROM roles k WHERE k.name = $1 AND k.id <> $2';
const CREATE = `
INSERT INTO roles (name, description, grants) VALUES ($1, $2, $3::jsonb)
ON CONFLICT (tenant_id, name) DO NOTHING RETURNING id`;
const UPDATE = `
UPDATE roles SET name = coalesce($2, name), description = coalesce($3, description),
  grants = coalesce($4::jsonb, grants), updated_at = now()
WHERE id = $1`;
const REASSIGN_INVITATIONS = `
UPDATE invitations SET role = $2::enum_invitations_role, custom_role_id = $3, updated_at = now()
WHERE custom_role_id = $1`;
const REASSIGN = `
WITH moved AS (
  UPDATE users SET role = $2::enum_users_role, custom_role_id = $3, updated_at = now()
  WHERE custom_role_id = $1 RETURNING id
)
DELETE FROM user_sessions s USING moved WHERE s.user_id = moved.id`;
