import { tenantCollection } from './tenantCollection.ts';

/** Roles of a tenant's own, beside those that every platform has (contract: `builtInRoles`). */
export const roles = tenantCollection({
  slug: 'roles',
  title: 'name',
  fields: [
    { name: 'name', type: 'text', required: true },
    { name: 'description', type: 'textarea', required: true, defaultValue: '' },
    /** Scopes by permission, as the contract's `grants` declares them. */
    { name: 'grants', type: 'json', required: true, defaultValue: {} },
  ],
  indexes: [{ fields: ['name'], unique: true }],
});
