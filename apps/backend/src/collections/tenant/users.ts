import { role } from '@preau/contract';
import { totpFields } from '../authentication.ts';
import { belongsTo, digest, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** People of one platform. The same person on two platforms is two rows. */
export const users = tenantCollection({
  slug: 'users',
  title: 'email',
  fields: [
    { name: 'email', type: 'text', required: true },
    { name: 'name', type: 'text', required: true },
    /** `learner` for those with a role of the tenant's own, which then says what they may do. */
    oneOf('role', role.options, 'learner'),
    belongsTo('customRole', 'roles', { optional: true }),
    belongsTo('manager', 'users', { optional: true }),
    /** `pending`: registered, but the address is not confirmed yet. */
    oneOf('status', ['pending', 'active', 'disabled'], 'active'),
    oneOf('locale', ['fr', 'en'], 'fr'),
    digest('passwordHash', { optional: true }),
    ...totpFields(),
    { name: 'lastSeenAt', type: 'date' },
  ],
  indexes: [
    { fields: ['email'], unique: true },
    { fields: ['role'] },
    { fields: ['customRole'] },
    { fields: ['manager'] },
  ],
});
