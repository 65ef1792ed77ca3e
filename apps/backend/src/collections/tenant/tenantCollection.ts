import type { CollectionConfig, CompoundIndex, Field } from 'payload';
import { tenantField } from '../tenantField.ts';

/** What a tenant's collection declares; the rest is the same for all of them. */
interface TenantCollection {
  slug: string;
  /** Column of the panel's list that names a row. */
  title: string;
  fields: Field[];
  /** Compound indexes without their leading `tenant`, which is added. */
  indexes?: CompoundIndex[];
  /** Rows that are written over and over: no index on when, so that an update need not touch any index (HOT). */
  rewritten?: boolean;
}

/** As Payload would add it, without its index. */
const unindexedUpdatedAt: Field = {
  name: 'updatedAt',
  type: 'date',
  admin: { disableBulkEdit: true, hidden: true },
};

/**
 * A collection whose rows belong to one tenant. Every index leads with `tenant`: row-level security filters
 * on it first, and functions that are not leakproof may not be used as index conditions before the policy.
 *
 * Nobody writes through Payload's generic endpoints: learners, trainers and administrators go through the
 * `/v1` operations, which check the person against the object. Payload's panel shows the rows to staff.
 */
export function tenantCollection({
  slug,
  title,
  fields,
  indexes = [],
  rewritten = false,
}: TenantCollection): CollectionConfig {
  return {
    slug,
    admin: { group: 'Tenant', useAsTitle: title },
    access: {
      read: isStaff,
      create: () => false,
      update: () => false,
      delete: () => false,
    },
    timestamps: true,
    fields: [tenantField(), ...fields, ...(rewritten ? [unindexedUpdatedAt] : [])],
    indexes: indexes.map((index) => ({ ...index, fields: ['tenant', ...index.fields] })),
  };
}

function isStaff({ req }: { req: { user: unknown } }): boolean {
  const user = req.user;
  return typeof user === 'object' && user !== null && 'collection' in user && user.collection === 'staff';
}
