import { sessionFields } from '../authentication.ts';
import { belongsTo, digest } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** Signed-in browsers. Only the token's SHA-256 is kept. */
export const userSessions = tenantCollection({
  slug: 'userSessions',
  title: 'id',
  fields: [
    belongsTo('user', 'users'),
    digest('tokenHash'),
    { name: 'expiresAt', type: 'date', required: true },
    ...sessionFields(),
  ],
  indexes: [{ fields: ['tokenHash'], unique: true }, { fields: ['user'] }],
});
