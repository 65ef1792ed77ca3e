import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** One sitting of a quiz. The seed decides the order of questions and options, once and for all. */
export const attempts = tenantCollection({
  slug: 'attempts',
  title: 'id',
  fields: [
    belongsTo('enrolment', 'enrolments'),
    belongsTo('activity', 'activities'),
    { name: 'number', type: 'number', required: true },
    oneOf('state', ['inProgress', 'submitted'], 'inProgress'),
    { name: 'seed', type: 'number', required: true },
    { name: 'startedAt', type: 'date', required: true },
    { name: 'deadline', type: 'date' },
    { name: 'submittedAt', type: 'date' },
    { name: 'gradedAt', type: 'date' },
    { name: 'score', type: 'number' },
    { name: 'maxScore', type: 'number' },
    { name: 'passed', type: 'checkbox' },
    /** The questions as they were asked: ids in order, with the order of each one's options. */
    { name: 'snapshot', type: 'json', required: true },
  ],
  indexes: [{ fields: ['enrolment', 'activity', 'number'], unique: true }],
});
