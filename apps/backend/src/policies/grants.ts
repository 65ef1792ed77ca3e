import {
  builtInRoles,
  type Grants,
  grants as grantsSchema,
  type Permission,
  type Role,
  type Scope,
} from '@preau/contract';

/** How a role is stored with a person or an invitation. */
export interface StoredRole {
  role: Role;
  /** Of the tenant's own role; null where it is a built-in one. */
  custom: unknown;
}

/** What a role allows. A stored grant that this release does not know grants nothing. */
export function grantsOf({ role, custom }: StoredRole): Grants {
  if (custom === null || custom === undefined) return builtInRoles[role];
  const parsed = grantsSchema.safeParse(custom);
  if (parsed.success) return parsed.data as Grants;
  const known = Object.entries(custom as object).filter(
    ([name, reach]) => grantsSchema.safeParse({ [name]: reach }).success,
  );
  return Object.fromEntries(known) as Grants;
}

/** What a role allows on courses of one's own, or on one's team, and not on everything anyway. */
export function grantedWithin(grants: Grants, scope: Exclude<Scope, 'all'>): Permission[] {
  return (Object.keys(grants) as Permission[]).filter((name) => grants[name]?.includes(scope));
}
