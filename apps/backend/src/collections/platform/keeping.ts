import { backupKind, jobState, momentFailure, restoreKind } from '@preau/contract/platform/backups';
import {
  date,
  json,
  number,
  oneOf,
  oneOfOrNone,
  platformCollection,
  text,
  to,
} from './platformCollection.ts';

/** A copy of one tenant's rows and files at one moment; what it holds is in its encrypted manifest. */
export const backups = platformCollection({
  slug: 'backups',
  title: 'id',
  fields: [
    to('tenant', 'tenants'),
    oneOf('kind', backupKind.options),
    oneOf('state', jobState.options, 'queued'),
    number('percent', { defaultValue: 0 }),
    /** The last migration of the schema that it was read from. */
    text('migration', { optional: true }),
    /** To which staff asked to go back; its rows are read from a recovered server. */
    date('moment', { optional: true }),
    /** Why nothing came of it. */
    oneOfOrNone('failure', momentFailure.options),
    /** The moment of its snapshot. */
    date('takenAt', { optional: true }),
    number('rows', { defaultValue: 0 }),
    number('files', { defaultValue: 0 }),
    /** Of everything in it, before compression. */
    number('bytes', { defaultValue: 0 }),
    /** What it added to the store; files that an earlier one holds are not copied again. */
    number('addedBytes', { defaultValue: 0 }),
    text('error', { optional: true }),
    /** An e-mail address of staff, or the name of a process. */
    text('requestedBy'),
    date('finishedAt', { optional: true }),
  ],
  indexes: [{ fields: ['tenant', 'takenAt'] }],
});

/** A backup that was brought back: into its tenant, into another one, or into none, as a drill. */
export const restores = platformCollection({
  slug: 'restores',
  title: 'id',
  fields: [
    to('backup', 'backups', { optional: true }),
    /** Whose rows are replaced; of a drill, whose backup it tries. */
    to('tenant', 'tenants'),
    oneOf('kind', restoreKind.options),
    oneOf('state', jobState.options, 'queued'),
    number('percent', { defaultValue: 0 }),
    /** What the tenant was before. */
    to('safetyBackup', 'backups', { optional: true }),
    /** Operation of the instance within which it happens. */
    text('operation', { optional: true }),
    /** What was compared: `drillResult` of the contract. */
    json('result', { optional: true }),
    text('error', { optional: true }),
    text('requestedBy'),
    date('finishedAt', { optional: true }),
  ],
  indexes: [{ fields: ['kind', 'createdAt'] }],
});

/** Everything of a platform in open formats, as a file that its owner fetches. */
export const exports = platformCollection({
  slug: 'exports',
  title: 'id',
  fields: [
    to('tenant', 'tenants'),
    to('account', 'accounts', { optional: true }),
    oneOf('state', jobState.options, 'queued'),
    number('percent', { defaultValue: 0 }),
    oneOf('locale', ['fr', 'en'], 'fr'),
    text('path', { optional: true }),
    number('bytes', { defaultValue: 0 }),
    /** What it holds: `exportCounts` of the contract. */
    json('counts', { optional: true }),
    text('error', { optional: true }),
    date('expiresAt', { optional: true }),
    date('finishedAt', { optional: true }),
  ],
});

/** What was deleted with a platform, signed; it names nobody and stays. */
export const deletionCertificates = platformCollection({
  slug: 'deletionCertificates',
  title: 'number',
  fields: [
    to('instance', 'instances', { unique: true }),
    text('number', { unique: true }),
    /** `deletionStatement` of the contract, as the text that was signed. */
    { name: 'statement', type: 'textarea', required: true },
    text('signature'),
    /** The public key that verifies it (Ed25519, base64url). */
    text('publicKey'),
    date('issuedAt'),
  ],
});
