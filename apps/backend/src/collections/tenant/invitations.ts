import { role } from '@preau/contract';
import { belongsTo, digest, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** A person asked to join, with the role and the course that await them. */
export const invitations = tenantCollection({
  slug: 'invitations',
  title: 'email',
  fields: [
    { name: 'email', type: 'text', required: true },
    oneOf('role', role.options, 'learner'),
    belongsTo('customRole', 'roles', { optional: true }),
    oneOf('state', ['pending', 'accepted', 'revoked'], 'pending'),
    belongsTo('course', 'courses', { optional: true }),
    digest('tokenHash'),
    { name: 'expiresAt', type: 'date', required: true },
    { name: 'acceptedAt', type: 'date' },
    belongsTo('invitedBy', 'users', { optional: true }),
  ],
  indexes: [{ fields: ['tokenHash'], unique: true }, { fields: ['email', 'state'] }],
});
