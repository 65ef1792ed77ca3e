import type { Permission } from '@preau/contract';
import type { Access, CollectionConfig } from 'payload';
import { signedInUser } from '../http/signedIn.ts';
import { permits, reachOf } from '../policies/viewer.ts';

type AccessRules = NonNullable<CollectionConfig['access']>;

const never: Access = () => false;
/** No row has it. */
const NOTHING = '00000000-0000-0000-0000-000000000000';

export interface Readable {
  /** All of these are needed. */
  permissions: readonly Permission[];
  /** Path of the course in a row; without one, only a permission for everything reads. */
  own?: string;
}

/**
 * A tenant's collection through the generic endpoints: whoever holds the permissions reads, as far as they reach;
 * nobody writes. Writing goes through the `/v1` operations, which check the person against the object. A new object
 * each time: sharing one between collections broke queries (reference: payload, traps).
 */
export function readableWith({ permissions, own }: Readable): AccessRules {
  return {
    read: async () => {
      const user = signedInUser();
      if (!user || !permits(user, 'data.query')) return false;
      if (permissions.every((name) => reachOf(user, name) === 'all')) return true;
      if (!own || !permissions.every((name) => permits(user, name, { own: true }))) return false;
      const teaches = await user.teaches();
      return { [own]: { in: teaches.length > 0 ? teaches : [NOTHING] } };
    },
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
