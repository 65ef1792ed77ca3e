import { z } from 'zod';
import { entryFilter, entryQuery, exportFormat, tenantAction, tenantEntry, verification } from '../audit.ts';
import { defineOperation } from '../operation.ts';
import { pageOf } from '../primitives.ts';

const tag = 'Journal';
const identity = 'user';
const permission = 'audit.read';

const filter = {
  /** One action, or all that begin with a noun: `support.`. */
  action: z.union([tenantAction, z.string().regex(/^[a-z-]{2,30}\.$/)]).optional(),
  /** Only what staff did on behalf of this support access. */
  access: z.uuid().optional(),
};

export const listJournal = defineOperation({
  id: 'listJournal',
  method: 'GET',
  path: '/v1/journal',
  tag,
  identity,
  permission,
  summary: 'The platform’s audit log, newest first',
  query: z.object({ ...entryQuery, ...filter }),
  response: pageOf(tenantEntry),
});

export const exportJournal = defineOperation({
  id: 'exportJournal',
  method: 'GET',
  path: '/v1/journal/export',
  tag,
  identity,
  permission,
  summary: 'The audit log with its hashes, oldest first, as JSON Lines or CSV (streamed)',
  query: z.object({ ...entryFilter, ...filter, format: exportFormat }),
  kind: 'binary',
});

export const verifyJournal = defineOperation({
  id: 'verifyJournal',
  method: 'POST',
  path: '/v1/journal/verifications',
  tag,
  identity,
  permission,
  summary: 'Walk the whole chain and compare its end with the newest anchor',
  response: verification,
  limits: [{ max: 10, windowSeconds: 60, by: 'caller' }],
});
