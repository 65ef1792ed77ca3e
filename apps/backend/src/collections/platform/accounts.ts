import { organisationRole } from '@preau/contract/platform/accounts';
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
    /** Where the onboarding was left (`onboardingDraft` of the contract). */
    json('onboarding', { optional: true }),
  ],
});

export const accountSessions = platformCollection({
  slug: 'accountSessions',
  title: 'id',
  fields: [to('account', 'accounts'), digest('tokenHash', { unique: true }), date('expiresAt')],
});

/** Mailed, single-use tokens. */
export const accountTokens = platformCollection({
  slug: 'accountTokens',
  title: 'id',
  fields: [
    to('account', 'accounts'),
    oneOf('purpose', ['verify', 'reset']),
    digest('tokenHash', { unique: true }),
    date('expiresAt'),
    date('usedAt', { optional: true }),
    /**
     * What the sign-up that asked for this token had chosen: whoever opens the mail gets their own password, even
     * if somebody else signed the same address up meanwhile.
     */
    digest('passwordHash', { optional: true }),
    text('name', { optional: true }),
  ],
});

/** Our own people. */
export const staff = platformCollection({
  slug: 'staff',
  title: 'email',
  fields: [
    text('email', { unique: true }),
    text('name'),
    digest('passwordHash'),
    /** Sealed (`staff/seal.ts`); confirmed by a first code. */
    digest('totpSecret', { optional: true }),
    date('totpConfirmedAt', { optional: true }),
    /** The last time step whose code was accepted: each code works once. */
    number('totpLastStep', { optional: true }),
  ],
});

/** A challenge until the second factor is given, a session afterwards. */
export const staffSessions = platformCollection({
  slug: 'staffSessions',
  title: 'id',
  fields: [
    to('staffMember', 'staff'),
    oneOf('stage', ['challenge', 'session']),
    digest('tokenHash', { unique: true }),
    number('attempts', { defaultValue: 0 }),
    date('expiresAt'),
  ],
});

export const organisations = platformCollection({
  slug: 'organisations',
  title: 'name',
  fields: [
    text('name'),
    text('country'),
    text('siren', { optional: true }),
    text('vatNumber', { optional: true }),
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
