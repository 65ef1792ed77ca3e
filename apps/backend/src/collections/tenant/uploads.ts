import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** A file on its way. Its whole length counts against the plan from the first byte on; see uploads/. */
export const uploads = tenantCollection({
  slug: 'uploads',
  title: 'name',
  fields: [
    { name: 'name', type: 'text', required: true },
    oneOf('purpose', ['asset', 'import', 'package']),
    { name: 'bytes', type: 'number', required: true },
    /** SHA-256 in hexadecimal, as the sender worked it out. */
    { name: 'checksum', type: 'text' },
    belongsTo('startedBy', 'users'),
    { name: 'expiresAt', type: 'date', required: true },
    /** The id of what was made of it. */
    { name: 'result', type: 'text' },
  ],
  indexes: [{ fields: ['expiresAt'] }],
});
