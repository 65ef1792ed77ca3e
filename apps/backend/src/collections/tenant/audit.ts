import { belongsTo } from './fields.ts';
import { tenantCollection } from './tenantCollection.ts';

/** One row a tenant. Deleting it, which only a purged tenant allows, takes the whole log along. */
export const auditChains = tenantCollection({
  slug: 'auditChains',
  title: 'id',
  fields: [{ name: 'version', type: 'number', required: true, defaultValue: 1 }],
  indexes: [{ fields: [], unique: true }],
});

/**
 * What happened on a platform. Append-only and hash-chained by triggers (`database/appendOnly.ts`), which fill
 * `chain`, `seq`, `at`, `previous` and `hash`. Ids only: what could name somebody is in `auditParticulars`.
 */
export const auditEntries = tenantCollection({
  slug: 'auditEntries',
  title: 'action',
  fields: [
    belongsTo('chain', 'auditChains'),
    { name: 'seq', type: 'number', required: true },
    { name: 'at', type: 'date', required: true },
    { name: 'action', type: 'text', required: true },
    { name: 'actorKind', type: 'text', required: true },
    { name: 'actor', type: 'text' },
    /** The support access on behalf of which a member of staff acted. */
    { name: 'onBehalfOf', type: 'text' },
    { name: 'target', type: 'text' },
    { name: 'requestId', type: 'text' },
    /** Canonical JSON (RFC 8785). */
    { name: 'details', type: 'textarea', required: true },
    /** SHA-256 over the salt and the particulars; `-` where there are none. */
    { name: 'commitment', type: 'text', required: true },
    { name: 'previous', type: 'text', required: true },
    { name: 'hash', type: 'text', required: true },
  ],
  indexes: [
    { fields: ['seq'], unique: true },
    { fields: ['actor', 'seq'] },
    { fields: ['action', 'seq'] },
    { fields: ['onBehalfOf', 'seq'] },
  ],
});

/** Network addresses and the like of an entry: may be erased, and the chain stays whole without them. */
export const auditParticulars = tenantCollection({
  slug: 'auditParticulars',
  title: 'id',
  fields: [
    belongsTo('entry', 'auditEntries'),
    { name: 'salt', type: 'text', required: true },
    { name: 'data', type: 'textarea', required: true },
  ],
  indexes: [{ fields: ['entry'], unique: true }, { fields: ['createdAt'] }],
});
