import { belongsTo, oneOf } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** A job that turns a file into a draft, with what it did and what it did not understand. */
export const imports = tenantCollection({
  slug: 'imports',
  title: 'id',
  fields: [
    oneOf('kind', ['markdown', 'gift']),
    oneOf('state', ['queued', 'running', 'succeeded', 'failed'], 'queued'),
    { name: 'percent', type: 'number', required: true, defaultValue: 0 },
    oneOf('step', ['store', 'read', 'assets', 'write', 'done'], 'store'),
    { name: 'fileName', type: 'text', required: true },
    { name: 'path', type: 'text', required: true },
    { name: 'counts', type: 'json', required: true, defaultValue: {} },
    { name: 'notes', type: 'json', required: true, defaultValue: [] },
    { name: 'error', type: 'textarea' },
    belongsTo('course', 'courses', { optional: true }),
    belongsTo('module', 'modules', { optional: true }),
    belongsTo('activity', 'activities', { optional: true }),
    belongsTo('startedBy', 'users', { optional: true }),
    { name: 'finishedAt', type: 'date' },
  ],
  indexes: [{ fields: ['createdAt'] }],
});
