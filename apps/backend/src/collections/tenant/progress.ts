import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** What one enrolment has done in one activity. A row exists from the first time the activity is opened. */
export const progress = tenantCollection({
  slug: 'progress',
  title: 'id',
  rewritten: true,
  fields: [
    belongsTo('enrolment', 'enrolments'),
    belongsTo('activity', 'activities'),
    oneOf('state', ['started', 'completed'], 'started'),
    { name: 'markedDone', type: 'checkbox', required: true, defaultValue: false },
    /** Where to resume: a share of the lesson, 0–1. */
    { name: 'position', type: 'number', required: true, defaultValue: 0 },
    { name: 'timeSpentSeconds', type: 'number', required: true, defaultValue: 0 },
    { name: 'firstSeenAt', type: 'date', required: true },
    { name: 'lastSeenAt', type: 'date', required: true },
    { name: 'completedAt', type: 'date' },
    /** Of the attempts handed in: their number, the best score in percent, whether one passed. */
    { name: 'attempts', type: 'number', required: true, defaultValue: 0 },
    { name: 'bestPercent', type: 'number' },
    { name: 'passed', type: 'checkbox', required: true, defaultValue: false },
    /** Attempts that a trainer allowed beyond the quiz's limit. */
    { name: 'grantedAttempts', type: 'number', required: true, defaultValue: 0 },
  ],
  indexes: [{ fields: ['enrolment', 'activity'], unique: true }],
});
