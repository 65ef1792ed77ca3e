import { belongsTo, digest, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** Single-use secrets sent by mail or handed over by the hub. Only the SHA-256 is kept. */
export const userTokens = tenantCollection({
  slug: 'userTokens',
  title: 'purpose',
  fields: [
    belongsTo('user', 'users'),
    oneOf('purpose', ['reset', 'link', 'handoff', 'invitation', 'email']),
    digest('tokenHash'),
    { name: 'expiresAt', type: 'date', required: true },
    { name: 'usedAt', type: 'date' },
    /** The address that a change of address leads to. */
    { name: 'email', type: 'text' },
  ],
  indexes: [{ fields: ['tokenHash'], unique: true }, { fields: ['user', 'purpose'] }],
});
