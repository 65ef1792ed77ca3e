import { date, flag, json, number, oneOf, platformCollection, text, to } from './platformCollection.ts';

const providers = ['sandbox', 'stripe', 'paddle'] as const;

/** What is sold: a plan or an add-on. Its texts and entitlements live in immutable versions. */
export const plans = platformCollection({
  slug: 'plans',
  title: 'code',
  fields: [
    text('code', { unique: true }),
    oneOf('kind', ['plan', 'addOn']),
    number('position'),
    flag('onSale', true),
    flag('highlighted'),
    to('currentVersion', 'planVersions', { optional: true }),
  ],
});

/** Never changed once sold: a change of price or of entitlements is a new version. */
export const planVersions = platformCollection({
  slug: 'planVersions',
  title: 'id',
  fields: [
    to('plan', 'plans'),
    number('number'),
    /** `{name, tagline, features, description}` in both languages. */
    json('texts'),
    /** `entitlements` of the contract; empty for an add-on. */
    json('entitlements'),
  ],
  indexes: [{ fields: ['plan', 'number'], unique: true }],
});

export const prices = platformCollection({
  slug: 'prices',
  title: 'id',
  fields: [
    to('planVersion', 'planVersions'),
    oneOf('interval', ['month', 'year']),
    text('currency'),
    number('amountMinor'),
  ],
  indexes: [{ fields: ['planVersion', 'interval', 'currency'], unique: true }],
});

/** Who holds a subdomain. The slug is unique, so two checkouts cannot both pay for it. */
export const slugClaims = platformCollection({
  slug: 'slugClaims',
  title: 'slug',
  fields: [
    text('slug', { unique: true }),
    /** What look-alike slugs share. */
    text('skeleton'),
    oneOf('state', ['reserved', 'owned']),
    to('organisation', 'organisations'),
    to('instance', 'instances', { optional: true }),
    date('expiresAt', { optional: true }),
  ],
  indexes: [{ fields: ['skeleton'] }],
});

export const orders = platformCollection({
  slug: 'orders',
  title: 'slug',
  fields: [
    to('organisation', 'organisations'),
    to('account', 'accounts'),
    text('idempotencyKey'),
    oneOf('state', ['draft', 'awaiting_payment', 'paid', 'expired', 'cancelled'], 'draft'),
    text('slug'),
    json('branding'),
    oneOf('locale', ['fr', 'en'], 'fr'),
    text('currency'),
    oneOf('interval', ['month', 'year']),
    /** Frozen when ordered: `lines` of the contract's order. */
    json('lines'),
    number('totalMinor'),
    to('planVersion', 'planVersions'),
    text('checkoutProvider', { optional: true }),
    text('checkoutRef', { optional: true }),
    text('checkoutUrl', { optional: true }),
    date('checkoutExpiresAt', { optional: true }),
    to('instance', 'instances', { optional: true }),
  ],
  indexes: [
    { fields: ['account', 'idempotencyKey'], unique: true },
    { fields: ['checkoutProvider', 'checkoutRef'], unique: true },
  ],
});

export const billingCustomers = platformCollection({
  slug: 'billingCustomers',
  title: 'ref',
  fields: [oneOf('provider', providers), text('ref'), to('organisation', 'organisations')],
  indexes: [{ fields: ['provider', 'ref'], unique: true }],
});

/** A subscription as last fetched from its provider. */
export const subscriptions = platformCollection({
  slug: 'subscriptions',
  title: 'ref',
  fields: [
    oneOf('provider', providers),
    text('ref'),
    /** Grows with every stored change: a worker may only replace the revision that it read. */
    number('revision', { defaultValue: 0 }),
    to('organisation', 'organisations'),
    to('order', 'orders'),
    to('instance', 'instances', { optional: true }),
    text('state'),
    date('currentPeriodEnd', { optional: true }),
    date('pastDueSince', { optional: true }),
    date('cancelAt', { optional: true }),
    json('snapshot'),
  ],
  indexes: [{ fields: ['provider', 'ref'], unique: true }],
});

export const invoices = platformCollection({
  slug: 'invoices',
  title: 'number',
  fields: [
    to('subscription', 'subscriptions'),
    to('organisation', 'organisations'),
    text('ref'),
    text('number'),
    text('state'),
    text('currency'),
    number('totalMinor'),
    number('taxMinor'),
    date('issuedAt'),
    text('url', { optional: true }),
  ],
  indexes: [{ fields: ['subscription', 'ref'], unique: true }],
});

/** Verified webhooks, once per event of a provider. */
export const inboxEntries = platformCollection({
  slug: 'inboxEntries',
  title: 'eventId',
  fields: [
    oneOf('provider', providers),
    flag('livemode'),
    text('eventId'),
    text('type'),
    text('subscriptionRef', { optional: true }),
    date('occurredAt'),
    { name: 'payload', type: 'textarea', required: true, hidden: true },
    oneOf('state', ['pending', 'done', 'ignored', 'dead'], 'pending'),
    number('attempts', { defaultValue: 0 }),
    date('dueAt'),
    text('error', { optional: true }),
  ],
  indexes: [{ fields: ['provider', 'livemode', 'eventId'], unique: true }, { fields: ['state', 'dueAt'] }],
});

/** What followed from a revision of a subscription; unique, so that nothing follows twice. */
export const effects = platformCollection({
  slug: 'effects',
  title: 'kind',
  fields: [
    to('subscription', 'subscriptions'),
    number('revision'),
    text('kind'),
    json('details', { optional: true }),
  ],
  indexes: [{ fields: ['subscription', 'revision', 'kind'], unique: true }],
});
