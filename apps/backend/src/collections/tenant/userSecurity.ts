import { challengeFields, passkeyFields, recoveryCodeFields, throttleFields } from '../authentication.ts';
import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

export const userPasskeys = tenantCollection({
  slug: 'userPasskeys',
  title: 'name',
  fields: [belongsTo('user', 'users'), ...passkeyFields()],
  indexes: [{ fields: ['credentialId'], unique: true }, { fields: ['user'] }],
});

export const userRecoveryCodes = tenantCollection({
  slug: 'userRecoveryCodes',
  title: 'id',
  fields: [belongsTo('user', 'users'), ...recoveryCodeFields()],
  indexes: [{ fields: ['user', 'selector'], unique: true }],
});

export const userChallenges = tenantCollection({
  slug: 'userChallenges',
  title: 'purpose',
  fields: [belongsTo('user', 'users', { optional: true }), ...challengeFields()],
  indexes: [{ fields: ['tokenHash'], unique: true }, { fields: ['user'] }],
});

export const userThrottles = tenantCollection({
  slug: 'userThrottles',
  title: 'id',
  fields: throttleFields(),
  indexes: [{ fields: ['key'], unique: true }],
});
