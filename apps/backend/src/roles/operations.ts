import { operations } from '@preau/contract';
import { type Implementation, implement } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { can } from '../policies/role.ts';
import { createRole, deleteRole, updateRole } from './change.ts';
import { listRoles, readRole } from './read.ts';

export const roleOperations: Implementation[] = [
  implement(operations.listRoles, async ({ db, caller }) => {
    if (!can(caller.user, 'list', { grants: [] })) refuse('forbidden');
    return { items: await listRoles(db, caller.user) };
  }),
  implement(operations.createRole, async ({ db, caller, body }) =>
    readRole(db, caller.user, await createRole(db, caller.user, body)),
  ),
  implement(operations.updateRole, async ({ db, caller, params, body }) => {
    await updateRole(db, caller.user, params.roleId, body);
    return readRole(db, caller.user, params.roleId);
  }),
  implement(operations.deleteRole, async ({ db, caller, params, query }) => {
    await deleteRole(db, caller.user, params.roleId, query.replacement);
    return undefined;
  }),
];
