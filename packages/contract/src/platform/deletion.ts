import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant } from '../primitives.ts';

/** What was deleted with a platform. It names nobody: identifiers and numbers only. */
export const deletionStatement = z.object({
  format: z.literal('preau-deletion-1'),
  number: z.string(),
  instanceId: id,
  tenantId: id,
  /** Rows by table. */
  tables: z.record(z.string(), z.int()),
  files: z.int(),
  bytes: z.int(),
  /** Copies in the backups' store, deleted at once. */
  backups: z.int(),
  begunAt: instant,
  endedAt: instant.nullable(),
  /** What was still found afterwards. */
  left: z.object({ rows: z.int(), files: z.int(), backups: z.int() }),
  /** What stays elsewhere, and why. */
  kept: z.array(z.object({ what: z.string(), why: z.string(), until: z.string() })),
});

export const getDeletionCertificate = defineOperation({
  id: 'getDeletionCertificate',
  method: 'GET',
  path: '/v1/instances/{instanceId}/deletion-certificate',
  tag: 'Instances',
  identity: 'account',
  summary: 'The signed certificate of a platform’s deletion: Ed25519 over the bytes of `statement` (member)',
  params: z.object({ instanceId: id }),
  response: z.object({
    number: z.string(),
    issuedAt: instant,
    /** `deletionStatement` as the text that was signed. */
    statement: z.string(),
    /** SHA-256 of the statement, in hexadecimal: the house's log holds it too. */
    digest: z.string(),
    signature: z.string(),
    publicKey: z.string(),
  }),
  errors: ['not-found'],
});

export const downloadDeletionCertificate = defineOperation({
  id: 'downloadDeletionCertificate',
  method: 'GET',
  path: '/v1/instances/{instanceId}/deletion-certificate/document',
  tag: 'Instances',
  identity: 'account',
  summary: 'The same as a PDF to read and to file, in the language of the request (member)',
  params: z.object({ instanceId: id }),
  kind: 'binary',
  errors: ['not-found'],
});
