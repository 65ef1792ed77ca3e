import type { Role } from '@preau/contract';
import type { Access, CollectionConfig, PayloadRequest } from 'payload';

type AccessRules = NonNullable<CollectionConfig['access']>;

const never: Access = () => false;

function isUser(req: PayloadRequest, roles: readonly Role[]): boolean {
  const user: unknown = req.user;
  if (typeof user !== 'object' || user === null) return false;
  if (!('collection' in user) || user.collection !== 'users' || !('role' in user)) return false;
  return roles.some((role) => role === user.role);
}

/**
 * A tenant's collection through the generic endpoints: these roles read, nobody writes. Writing goes through the
 * `/v1` operations, which check the person against the object. A new object each time: sharing one between
 * collections broke queries (reference: payload, traps).
 */
export function readableBy(...roles: Role[]): AccessRules {
  return {
    read: ({ req }) => isUser(req, roles),
    create: never,
    update: never,
    delete: never,
    admin: () => false,
  };
}

/** A collection that the generic endpoints do not serve at all. */
export function closed(): AccessRules {
  return { read: never, create: never, update: never, delete: never, admin: () => false };
}
