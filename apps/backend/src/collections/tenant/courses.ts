import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** What the catalogue lists. What is taught lives in its versions; titles here follow the published one. */
export const courses = tenantCollection({
  slug: 'courses',
  title: 'title',
  fields: [
    { name: 'slug', type: 'text', required: true },
    { name: 'title', type: 'text', required: true },
    { name: 'summary', type: 'textarea', required: true, defaultValue: '' },
    belongsTo('cover', 'assets', { optional: true }),
    { name: 'selfEnrolment', type: 'checkbox', required: true, defaultValue: false },
    { name: 'listed', type: 'checkbox', required: true, defaultValue: true },
    belongsTo('publishedVersion', 'courseVersions', { optional: true }),
    belongsTo('draftVersion', 'courseVersions', { optional: true }),
  ],
  indexes: [{ fields: ['slug'], unique: true }],
});
