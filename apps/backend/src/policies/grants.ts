import { builtInRoles, type Grants, grants as grantsSchema, type Role } from '@preau/contract';

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
