import { date, number, platformCollection, text, to } from './platformCollection.ts';

/** What happened on the hub and in its back office; as `collections/tenant/audit.ts`. Never deleted. */
export const platformAuditEntries = platformCollection({
  slug: 'platformAuditEntries',
  title: 'action',
  fields: [
    { ...number('seq'), unique: true } as ReturnType<typeof number>,
    date('at'),
    text('action'),
    text('actorKind'),
    text('actor', { optional: true }),
    text('onBehalfOf', { optional: true }),
    text('target', { optional: true }),
    text('requestId', { optional: true }),
    { name: 'details', type: 'textarea', required: true },
    text('commitment'),
    text('previous'),
    text('hash'),
  ],
  indexes: [{ fields: ['actor', 'seq'] }, { fields: ['action', 'seq'] }, { fields: ['target', 'seq'] }],
});

export const platformAuditParticulars = platformCollection({
  slug: 'platformAuditParticulars',
  title: 'id',
  fields: [
    to('entry', 'platformAuditEntries', { unique: true }),
    text('salt'),
    { name: 'data', type: 'textarea', required: true },
  ],
  indexes: [{ fields: ['createdAt'] }],
});

/**
 * Heads of the tenants' logs, written down from time to time: a log whose end was cut off no longer has the
 * entry that its anchor names. Each round is itself an entry of the platform's log, with the round's digest.
 */
export const auditAnchors = platformCollection({
  slug: 'auditAnchors',
  title: 'chain',
  fields: [text('round'), text('chain'), number('seq'), text('hash')],
  indexes: [{ fields: ['chain', 'seq'] }, { fields: ['round'] }],
});
