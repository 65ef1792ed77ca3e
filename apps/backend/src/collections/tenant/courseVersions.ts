import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** One state of a course's content. A published version never changes again. */
export const courseVersions = tenantCollection({
  slug: 'courseVersions',
  title: 'title',
  fields: [
    belongsTo('course', 'courses'),
    { name: 'number', type: 'number', required: true },
    oneOf('state', ['draft', 'published'], 'draft'),
    { name: 'title', type: 'text', required: true },
    { name: 'summary', type: 'textarea' },
    { name: 'objectives', type: 'textarea' },
    { name: 'audience', type: 'textarea' },
    { name: 'prerequisites', type: 'textarea' },
    { name: 'durationMinutes', type: 'number' },
    { name: 'completionRule', type: 'json' },
    { name: 'publishedAt', type: 'date' },
  ],
  indexes: [{ fields: ['course', 'number'], unique: true }],
});
