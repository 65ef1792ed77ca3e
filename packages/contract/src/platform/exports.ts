import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, listOf } from '../primitives.ts';
import { jobState } from './backups.ts';

const tag = 'Exports';

/** What an export holds. */
export const exportCounts = z.object({
  courses: z.int(),
  people: z.int(),
  enrolments: z.int(),
  certificates: z.int(),
  files: z.int(),
});

export const platformExport = z.object({
  id,
  state: jobState,
  percent: z.int(),
  bytes: z.int(),
  counts: exportCounts.nullable(),
  /** Until when it can be downloaded. */
  expiresAt: instant.nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});
export type PlatformExport = z.infer<typeof platformExport>;

const ofInstance = z.object({ instanceId: id });

export const listExports = defineOperation({
  id: 'listExports',
  method: 'GET',
  path: '/v1/instances/{instanceId}/exports',
  tag,
  identity: 'account',
  summary: 'The exports of a platform, newest first (owner)',
  params: ofInstance,
  response: listOf(platformExport),
  errors: ['not-found', 'forbidden'],
});

export const createExport = defineOperation({
  id: 'createExport',
  method: 'POST',
  path: '/v1/instances/{instanceId}/exports',
  tag,
  identity: 'account',
  summary:
    'Export everything of a platform in open formats, also while it is suspended (owner); while one is being made it is answered instead',
  params: ofInstance,
  response: platformExport,
  status: 202,
  errors: ['not-found', 'forbidden', 'state-forbids', 'confirmation-needed'],
  limits: [{ max: 10, windowSeconds: 86_400, by: 'caller' }],
});

export const openExport = defineOperation({
  id: 'openExport',
  method: 'POST',
  path: '/v1/instances/{instanceId}/exports/{exportId}/links',
  tag,
  identity: 'account',
  summary: 'A signed address that downloads an export for five minutes (owner)',
  params: z.object({ instanceId: id, exportId: id }),
  response: z.object({ url: z.string(), expiresAt: instant }),
  status: 201,
  errors: ['not-found', 'forbidden', 'state-forbids', 'confirmation-needed'],
});

export const downloadExport = defineOperation({
  id: 'downloadExport',
  method: 'GET',
  path: '/v1/exports/file',
  tag,
  identity: 'public',
  summary: 'The zip behind a signed address; parts of it where the browser asks for them',
  query: z.object({ token: z.string().max(600) }),
  kind: 'binary',
  errors: ['not-found'],
});
