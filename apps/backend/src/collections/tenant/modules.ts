import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** A chapter of a version. `lineage` is the same in every version that carries the chapter on. */
export const modules = tenantCollection({
  slug: 'modules',
  title: 'title',
  fields: [
    belongsTo('version', 'courseVersions'),
    { name: 'lineage', type: 'text', required: true },
    { name: 'position', type: 'number', required: true },
    { name: 'title', type: 'text', required: true },
    { name: 'summary', type: 'textarea', required: true, defaultValue: '' },
  ],
  indexes: [{ fields: ['version', 'position'] }, { fields: ['version', 'lineage'], unique: true }],
});
