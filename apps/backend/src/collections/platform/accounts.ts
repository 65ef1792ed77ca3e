import { organisationRole } from '@preau/contract/platform/accounts';
import {
  challengeFields,
  passkeyFields,
  recoveryCodeFields,
  sessionFields,
  throttleFields,
  totpFields,
} from '../authentication.ts';
import {
  date,
  digest,
  flag,
  json,
  number,
  oneOf,
  platformCollection,
  text,
  to,
} from './platformCollection.ts';

/** People on the hub. */
export const accounts = platformCollection({
  slug: 'accounts',
  title: 'email',
  fields: [
    text('email', { unique: true }),
    text('name'),
    oneOf('locale', ['fr', 'en'], 'fr'),
    digest('passwordHash'),
    date('verifiedAt', { optional: true }),
    ...totpFields(),
    /** Where the onboarding was left (`onboardingDraft` of the contract). */
    json('onboarding', { optional: true }),
  ],
});

export const accountSessions = platformCollection({
  slug: 'accountSessions',
  title: 'id',
  fields: [
    to('account', 'accounts'),
    digest('tokenHash', { unique: true }),
    date('expiresAt'),
    ...sessionFields(),
  ],
});

export const accountPasskeys = platformCollection({
  slug: 'accountPasskeys',
  title: 'name',
  fields: [to('account', 'accounts'), ...passkeyFields()],
  indexes: [{ fields: ['credentialId'], unique: true }],
});

export const accountRecoveryCodes = platformCollection({
  slug: 'accountRecoveryCodes',
  title: 'id',
  fields: [to('account', 'accounts'), ...recoveryCodeFields()],
  indexes: [{ fields: ['account', 'selector'], unique: true }],
});

export const accountChallenges = platformCollection({
  slug: 'accountChallenges',
  title: 'purpose',
  fields: [to('account', 'accounts', { optional: true }), ...challengeFields()],
  indexes: [{ fields: ['tokenHash'], unique: true }],
});

/** Of accounts and staff alike: an attacker has one network. */
export const throttles = platformCollection({
  slug: 'throttles',
  title: 'id',
  fields: throttleFields(),
  indexes: [{ fields: ['key'], unique: true }],
});

/** Mailed, single-use tokens. */
export const accountTokens = platformCollection({
  slug: 'accountTokens',
  title: 'id',
  fields: [
    to('account', 'accounts'),
    oneOf('purpose', ['verify', 'reset', 'email']),
    digest('tokenHash', { unique: true }),
    date('expiresAt'),
    date('usedAt', { optional: true }),
    /**
     * What the sign-up that asked for this token had chosen: whoever opens the mail gets their own password, even
     * if somebody else signed the same address up meanwhile.
     */
    digest('passwordHash', { optional: true }),
    text('name', { optional: true }),
    /** The address that a change of address leads to. */
    text('email', { optional: true }),
  ],
});

/** Our own people. */
export const staff = platformCollection({
  slug: 'staff',
  title: 'email',
  fields: [text('email', { unique: true }), text('name'), digest('passwordHash'), ...totpFields()],
});

/** Signed-in members of staff. The stage `challenge` is of an earlier release: challenges have their own table. */
export const staffSessions = platformCollection({
  slug: 'staffSessions',
  title: 'id',
  fields: [
    to('staffMember', 'staff'),
    oneOf('stage', ['challenge', 'session']),
    digest('tokenHash', { unique: true }),
    number('attempts', { defaultValue: 0 }),
    date('expiresAt'),
    ...sessionFields(),
  ],
});

export const staffPasskeys = platformCollection({
  slug: 'staffPasskeys',
  title: 'name',
  fields: [to('staffMember', 'staff'), ...passkeyFields()],
  indexes: [{ fields: ['credentialId'], unique: true }],
});

export const staffRecoveryCodes = platformCollection({
  slug: 'staffRecoveryCodes',
  title: 'id',
  fields: [to('staffMember', 'staff'), ...recoveryCodeFields()],
  indexes: [{ fields: ['staffMember', 'selector'], unique: true }],
});

export const staffChallenges = platformCollection({
  slug: 'staffChallenges',
  title: 'purpose',
  fields: [to('staffMember', 'staff', { optional: true }), ...challengeFields()],
  indexes: [{ fields: ['tokenHash'], unique: true }],
});

export const organisations = platformCollection({
  slug: 'organisations',
  title: 'name',
  fields: [
    text('name'),
    text('country'),
    text('siren', { optional: true }),
    text('vatNumber', { optional: true }),
    /** Its team needs a second factor. */
    flag('secondFactorRequired'),
  ],
});

export const organisationMembers = platformCollection({
  slug: 'organisationMembers',
  title: 'id',
  fields: [
    to('organisation', 'organisations'),
    to('account', 'accounts'),
    oneOf('role', organisationRole.options),
  ],
  indexes: [{ fields: ['organisation', 'account'], unique: true }],
});

export const organisationInvitations = platformCollection({
  slug: 'organisationInvitations',
  title: 'email',
  fields: [
    to('organisation', 'organisations'),
    text('email'),
    oneOf('role', organisationRole.options),
    digest('tokenHash', { unique: true }),
    date('expiresAt'),
    to('invitedBy', 'accounts'),
    flag('accepted'),
  ],
  indexes: [{ fields: ['organisation', 'email'] }],
});
