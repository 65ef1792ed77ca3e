import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** One question of a quiz. Its type and points stand beside its `config`, for reports. */
export const questions = tenantCollection({
  slug: 'questions',
  title: 'id',
  fields: [
    belongsTo('version', 'courseVersions'),
    belongsTo('activity', 'activities'),
    { name: 'lineage', type: 'text', required: true },
    { name: 'position', type: 'number', required: true },
    oneOf('type', ['single', 'multiple', 'trueFalse', 'shortAnswer', 'numeric']),
    /** The question with its answers, as the contract's `questionInput` declares it. */
    { name: 'config', type: 'json', required: true },
    { name: 'points', type: 'number', required: true, defaultValue: 1 },
  ],
  indexes: [{ fields: ['activity', 'position'] }, { fields: ['version', 'lineage'], unique: true }],
});
