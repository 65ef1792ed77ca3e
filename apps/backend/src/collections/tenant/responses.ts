import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** The latest answer to one question of one attempt. */
export const responses = tenantCollection({
  slug: 'responses',
  title: 'id',
  rewritten: true,
  fields: [
    belongsTo('attempt', 'attempts'),
    belongsTo('question', 'questions'),
    { name: 'response', type: 'json' },
    { name: 'correct', type: 'checkbox' },
    { name: 'score', type: 'number' },
    /** When the learner answered. */
    { name: 'answeredAt', type: 'date', required: true },
  ],
  indexes: [{ fields: ['attempt', 'question'], unique: true }],
});
