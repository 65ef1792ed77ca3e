import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** One thing to do in a module. `content` is a rich-text state, `config` depends on the type. */
export const activities = tenantCollection({
  slug: 'activities',
  title: 'title',
  fields: [
    belongsTo('version', 'courseVersions'),
    belongsTo('module', 'modules'),
    { name: 'lineage', type: 'text', required: true },
    { name: 'position', type: 'number', required: true },
    oneOf('type', ['lesson', 'quiz', 'package']),
    { name: 'title', type: 'text', required: true },
    { name: 'content', type: 'json' },
    { name: 'config', type: 'json' },
    belongsTo('package', 'contentPackages', { optional: true }),
    { name: 'completionRule', type: 'json', required: true },
    { name: 'availabilityRule', type: 'json', required: true },
    { name: 'estimatedMinutes', type: 'number', required: true, defaultValue: 0 },
  ],
  indexes: [{ fields: ['version', 'lineage'], unique: true }, { fields: ['module', 'position'] }],
});
