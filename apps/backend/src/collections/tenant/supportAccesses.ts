import { supportScope } from '@preau/contract/tenant/support';
import { belongsTo, digest, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** A consent by which our staff may see something of a platform: asked for or given, and for how long. */
export const supportAccesses = tenantCollection({
  slug: 'supportAccesses',
  title: 'scope',
  fields: [
    oneOf('decision', ['pending', 'granted', 'refused'], 'pending'),
    oneOf('scope', supportScope.options),
    /** Whether personal data may be exported. */
    { name: 'exports', type: 'checkbox', required: true, defaultValue: false },
    { name: 'reason', type: 'textarea', required: true },
    { name: 'hours', type: 'number', required: true },
    /** The member of staff who asked (an id of the platform); empty where an administrator gave it unasked. */
    { name: 'requestedBy', type: 'text' },
    belongsTo('decidedBy', 'users', { optional: true }),
    { name: 'decidedAt', type: 'date' },
    { name: 'expiresAt', type: 'date' },
    { name: 'revokedAt', type: 'date' },
    belongsTo('revokedBy', 'users', { optional: true }),
    { name: 'lastUsedAt', type: 'date' },
  ],
  indexes: [{ fields: ['createdAt'] }],
});

/** A one-time token of the hub, then the session that it became. Only digests are kept. */
export const supportSessions = tenantCollection({
  slug: 'supportSessions',
  title: 'stage',
  fields: [
    belongsTo('access', 'supportAccesses'),
    { name: 'staff', type: 'text', required: true },
    oneOf('stage', ['token', 'session']),
    digest('tokenHash'),
    { name: 'expiresAt', type: 'date', required: true },
  ],
  indexes: [{ fields: ['tokenHash'], unique: true }, { fields: ['access'] }],
});
