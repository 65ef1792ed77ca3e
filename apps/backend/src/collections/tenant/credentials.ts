import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** A certificate. Names are copied: it says what was true on the day it was issued. */
export const credentials = tenantCollection({
  slug: 'credentials',
  title: 'code',
  fields: [
    belongsTo('enrolment', 'enrolments'),
    { name: 'code', type: 'text', required: true },
    { name: 'holderName', type: 'text', required: true },
    { name: 'courseTitle', type: 'text', required: true },
    { name: 'durationMinutes', type: 'number' },
    { name: 'issuedAt', type: 'date', required: true },
    { name: 'revokedAt', type: 'date' },
  ],
  indexes: [
    { fields: ['code'], unique: true },
    { fields: ['enrolment'], unique: true },
  ],
});
