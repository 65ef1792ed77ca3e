import { role as builtIn, builtInRoles, type Grants, type Role } from '@preau/contract';
import type { RoleEntry, RoleKey } from '@preau/contract/tenant/roles';
import type { Db } from '../database/db.ts';
import { found } from '../http/problem.ts';
import { grantsOf } from '../policies/grants.ts';
import { can as canPerson } from '../policies/person.ts';
import { can } from '../policies/role.ts';
import type { User } from '../policies/viewer.ts';

/** A role as it is stored with a person or an invitation, with what it allows. */
export interface ResolvedRole {
  role: Role;
  customRoleId: string | null;
  grants: Grants;
}

interface Row {
  id: string;
  name: string;
  description: string;
  custom: unknown;
  people: number;
}

/** The roles of the platform, with what the viewer may do with each. */
export async function listRoles(db: Db, viewer: User): Promise<RoleEntry[]> {
  const [counts, rows] = await Promise.all([
    db.query<{ role: Role; people: number }>(COUNT),
    db.query<Row & Record<string, unknown>>(`${READ} ORDER BY lower(k.name), k.id`),
  ]);
  const held = new Map(counts.map(({ role, people }) => [role, people]));
  return [
    ...builtIn.options.map((name): RoleEntry => {
      const grants = builtInRoles[name];
      return {
        key: name,
        builtIn: name,
        name,
        description: '',
        grants,
        people: held.get(name) ?? 0,
        ...rights(viewer, grants),
        writable: false,
      };
    }),
    ...rows.map((row) => entryOf(viewer, row)),
  ];
}

/** One role of the tenant's own. @throws Problem `not-found` */
export async function readRole(db: Db, viewer: User, roleId: string): Promise<RoleEntry> {
  return entryOf(
    viewer,
    found(await db.maybe<Row & Record<string, unknown>>(`${READ} WHERE k.id = $1`, [roleId])),
  );
}

/** The role that a key names, kept from being deleted until the transaction ends. @throws Problem `not-found` */
export async function resolveRole(tx: Db, key: RoleKey): Promise<ResolvedRole> {
  const name = builtIn.safeParse(key);
  if (name.success) return { role: name.data, customRoleId: null, grants: builtInRoles[name.data] };
  const { custom } = found(
    await tx.maybe<{ custom: unknown }>('SELECT k.grants AS custom FROM roles k WHERE k.id = $1 FOR SHARE', [
      key,
    ]),
  );
  return { role: 'learner', customRoleId: key, grants: grantsOf({ role: 'learner', custom }) };
}

function entryOf(viewer: User, { id, custom, ...row }: Row): RoleEntry {
  const grants = grantsOf({ role: 'learner', custom });
  return { key: id, builtIn: null, ...row, grants, ...rights(viewer, grants) };
}

const rights = (viewer: User, grants: Grants) => ({
  assignable: can(viewer, 'assign', { grants: [grants] }),
  invitable: canPerson(viewer, 'invite', { grants }),
  writable: can(viewer, 'write', { grants: [grants] }),
});

const COUNT = `
SELECT u.role::text AS role, count(*)::int AS people FROM users u
WHERE u.custom_role_id IS NULL AND u.status <> 'pending' GROUP BY u.role`;

const READ = `
SELECT k.id, k.name, k.description, k.grants AS custom,
  (SELECT count(*)::int FROM users u WHERE u.custom_role_id = k.id AND u.status <> 'pending') AS people
FROM roles k`;
