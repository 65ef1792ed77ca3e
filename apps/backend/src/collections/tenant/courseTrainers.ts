import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** Whose courses they are: what a role allows on “own” courses, it allows to their trainers. */
export const courseTrainers = tenantCollection({
  slug: 'courseTrainers',
  title: 'id',
  fields: [belongsTo('course', 'courses'), belongsTo('user', 'users')],
  indexes: [{ fields: ['course', 'user'], unique: true }, { fields: ['user'] }],
});
