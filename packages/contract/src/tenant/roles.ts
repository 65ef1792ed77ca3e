import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { grants, type Needed, role } from '../permission.ts';
import { id, line, paragraph } from '../primitives.ts';

const tag = 'Roles';
const identity = 'user';
const reading = ['role.write', 'role.assign', 'person.invite', 'person.read'] as const satisfies Needed;

/** What names a role: that of every platform by its name, the tenant's own by its id. */
export const roleKey = z.union([role, id]);
export type RoleKey = z.infer<typeof roleKey>;

export const roleEntry = z.object({
  key: roleKey,
  builtIn: role.nullable(),
  /** Of a built-in one its key; clients have words for it. */
  name: z.string(),
  description: z.string(),
  grants,
  /** People who hold it. */
  people: z.int(),
  /** Whether the caller may give it to somebody: it allows no more than they may themselves. */
  assignable: z.boolean(),
  /** Whether the caller may invite somebody into it. */
  invitable: z.boolean(),
  /** Whether the caller may change or delete it. */
  writable: z.boolean(),
});
export type RoleEntry = z.infer<typeof roleEntry>;

export const listRoles = defineOperation({
  id: 'listRoles',
  method: 'GET',
  path: '/v1/roles',
  tag,
  identity,
  permission: reading,
  summary: 'The roles of the platform: those that are built in, then its own by name',
  response: z.object({ items: z.array(roleEntry) }),
});

const fields = { name: line(60), description: paragraph(300), grants };

export const createRole = defineOperation({
  id: 'createRole',
  method: 'POST',
  path: '/v1/roles',
  tag,
  identity,
  permission: 'role.write',
  summary:
    'Make a role that allows no more than the caller may; what a permission is useless without comes with it',
  body: z.object({ ...fields, description: fields.description.default('') }),
  response: roleEntry,
  status: 201,
  errors: ['forbidden', 'already-exists', 'limit-reached'],
});

const params = z.object({ roleId: id });

export const updateRole = defineOperation({
  id: 'updateRole',
  method: 'PATCH',
  path: '/v1/roles/{roleId}',
  tag,
  identity,
  permission: 'role.write',
  summary:
    'Change a role of the platform’s own (only the given fields); reaches whoever holds it within 5 seconds',
  params,
  body: z.object(fields).partial(),
  response: roleEntry,
  errors: ['not-found', 'forbidden', 'already-exists'],
});

export const deleteRole = defineOperation({
  id: 'deleteRole',
  method: 'DELETE',
  path: '/v1/roles/{roleId}',
  tag,
  identity,
  permission: 'role.write',
  summary: 'Delete a role; whoever holds it or is invited into it gets another one, and signs in again',
  params,
  query: z.object({ replacement: roleKey }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'forbidden', 'limit-reached'],
});
