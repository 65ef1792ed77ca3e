import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** The latest answer to one question of one attempt; `sequence` keeps an older save from winning. */
export const responses = tenantCollection({
  slug: 'responses',
  title: 'id',
  fields: [
    belongsTo('attempt', 'attempts'),
    belongsTo('question', 'questions'),
    { name: 'response', type: 'json' },
    { name: 'sequence', type: 'number', required: true, defaultValue: 0 },
    { name: 'correct', type: 'checkbox' },
    { name: 'score', type: 'number' },
  ],
  indexes: [{ fields: ['attempt', 'question'], unique: true }],
});
