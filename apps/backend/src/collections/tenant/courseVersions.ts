import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/**
 * One state of a course's content. Each course has one draft, which is edited; publishing copies it into a
 * version that never changes again. Copies keep the lineage of every module, activity and question.
 */
export const courseVersions = tenantCollection({
  slug: 'courseVersions',
  title: 'title',
  fields: [
    belongsTo('course', 'courses'),
    { name: 'number', type: 'number', required: true },
    oneOf('state', ['draft', 'published'], 'draft'),
    { name: 'title', type: 'text', required: true },
    { name: 'summary', type: 'textarea', required: true, defaultValue: '' },
    { name: 'objectives', type: 'json', required: true, defaultValue: [] },
    { name: 'audience', type: 'textarea', required: true, defaultValue: '' },
    { name: 'prerequisites', type: 'textarea', required: true, defaultValue: '' },
    /** Whose work the contents are, and under which licence. */
    { name: 'attribution', type: 'textarea', required: true, defaultValue: '' },
    /** Counted when the version is published: lists of courses read them at every request. */
    { name: 'durationMinutes', type: 'number', required: true, defaultValue: 0 },
    { name: 'moduleCount', type: 'number', required: true, defaultValue: 0 },
    { name: 'activityCount', type: 'number', required: true, defaultValue: 0 },
    { name: 'publishedAt', type: 'date' },
    belongsTo('publishedBy', 'users', { optional: true }),
  ],
  indexes: [{ fields: ['course', 'number'], unique: true }],
});
