import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** One sitting of a quiz. The seed decides the order of questions and options, once and for all. */
export const attempts = tenantCollection({
  slug: 'attempts',
  title: 'id',
  fields: [
    belongsTo('user', 'users'),
    /** Null where a trainer tries a quiz out: it counts for nothing. */
    belongsTo('enrolment', 'enrolments', { optional: true }),
    belongsTo('activity', 'activities'),
    { name: 'number', type: 'number', required: true },
    oneOf('state', ['open', 'submitted'], 'open'),
    { name: 'seed', type: 'number', required: true },
    { name: 'startedAt', type: 'date', required: true },
    { name: 'deadline', type: 'date' },
    { name: 'submittedAt', type: 'date' },
    { name: 'gradedAt', type: 'date' },
    { name: 'score', type: 'number' },
    { name: 'maxScore', type: 'number' },
    { name: 'passed', type: 'checkbox', required: true, defaultValue: false },
    /** The questions as they were asked: ids in order, with the order of each one's options. */
    { name: 'snapshot', type: 'json', required: true },
  ],
  indexes: [{ fields: ['enrolment', 'activity', 'number'], unique: true }, { fields: ['user', 'activity'] }],
});
