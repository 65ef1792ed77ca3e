import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** A person following one version of a course. Taking it again (recertification) is another cycle. */
export const enrolments = tenantCollection({
  slug: 'enrolments',
  title: 'id',
  fields: [
    belongsTo('user', 'users'),
    belongsTo('course', 'courses'),
    belongsTo('courseVersion', 'courseVersions'),
    { name: 'cycle', type: 'number', required: true, defaultValue: 1 },
    oneOf('state', ['active', 'completed', 'suspended'], 'active'),
    oneOf('source', ['manual', 'invitation', 'self']),
    { name: 'enrolledAt', type: 'date', required: true },
    { name: 'completedAt', type: 'date' },
    { name: 'dueAt', type: 'date' },
    { name: 'accessUntil', type: 'date' },
    /** Share of the required activities done, 0–100; written by the completion engine only. */
    { name: 'percent', type: 'number', required: true, defaultValue: 0 },
  ],
  indexes: [{ fields: ['user', 'course', 'cycle'], unique: true }, { fields: ['course', 'enrolledAt'] }],
});
