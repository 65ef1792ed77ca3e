import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, line, listOf } from '../primitives.ts';
import { operation } from './instances.ts';

const tag = 'Backups';
const identity = 'staff';

export const jobState = z.enum(['queued', 'running', 'succeeded', 'failed']);
/** Why it was taken: by the clock, because somebody asked, before a restore, before a deletion. */
export const backupKind = z.enum(['scheduled', 'manual', 'safety', 'final']);
/** Into the tenant itself, into another tenant, or into none for longer than it takes to compare. */
export const restoreKind = z.enum(['restore', 'clone', 'drill']);

/** Why no copy came of a moment: its log, the disk’s room, no such platform then, PostgreSQL itself. */
export const momentFailure = z.enum(['log', 'room', 'platform', 'server']);
export type MomentFailure = z.infer<typeof momentFailure>;

export const backup = z.object({
  id,
  kind: backupKind,
  state: jobState,
  percent: z.int(),
  /** Where it was taken from the server's log: the moment that staff asked for. */
  moment: instant.nullable(),
  /** Where that failed for a reason that has a name; `error` says it in a sentence. */
  failure: momentFailure.nullable(),
  takenAt: instant.nullable(),
  rows: z.int(),
  files: z.int(),
  bytes: z.int(),
  addedBytes: z.int(),
  error: z.string().nullable(),
  createdAt: instant,
});
export type Backup = z.infer<typeof backup>;

/** What a drill compared; `differences` names tables and files that did not come back as they were. */
export const drillResult = z.object({
  tables: z.int(),
  rows: z.int(),
  files: z.int(),
  seconds: z.number(),
  differences: z.array(z.string()),
});
export type DrillResult = z.infer<typeof drillResult>;

export const drill = z.object({
  id,
  slug: z.string(),
  state: jobState,
  percent: z.int(),
  /** Of the backup that it tried. */
  takenAt: instant.nullable(),
  result: drillResult.nullable(),
  error: z.string().nullable(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});

const span = z.object({ from: instant, until: instant });

export const backupOverview = defineOperation({
  id: 'backupOverview',
  method: 'GET',
  path: '/v1/admin/backups',
  tag,
  identity,
  summary:
    'Whether backups are on; the newest one of every platform, what the store holds, the latest drills',
  response: z.object({
    enabled: z.boolean(),
    /** How many of the newest of each day, week and month are kept. */
    kept: z.object({ daily: z.int(), weekly: z.int(), monthly: z.int() }),
    platforms: z.array(
      z.object({
        instanceId: id,
        slug: z.string(),
        name: z.string(),
        /** Of the newest that succeeded; null where there is none. */
        takenAt: instant.nullable(),
        bytes: z.int(),
        backups: z.int(),
        /** Of the newest of all. */
        state: jobState.nullable(),
        error: z.string().nullable(),
      }),
    ),
    /** Bytes added to the store, by day, in 30 days. */
    addedByDay: z.array(z.object({ day: z.iso.date(), bytes: z.int(), backups: z.int(), failed: z.int() })),
    drills: z.array(drill),
    /** Which moments the whole server can go back to, newest first; null where its log is not kept. */
    whole: z
      .object({
        moments: z.array(span),
        /** Whether the log goes on without a gap from the newest copy. */
        unbroken: z.boolean(),
      })
      .nullable(),
  }),
});

const ofInstance = z.object({ instanceId: id });

export const listBackups = defineOperation({
  id: 'listBackups',
  method: 'GET',
  path: '/v1/admin/instances/{instanceId}/backups',
  tag,
  identity,
  summary: 'The backups of a platform, newest first',
  params: ofInstance,
  response: listOf(backup),
  errors: ['not-found'],
});

export const takeBackup = defineOperation({
  id: 'takeBackup',
  method: 'POST',
  path: '/v1/admin/instances/{instanceId}/backups',
  tag,
  identity,
  summary: 'Take a backup of a platform now; while one is under way it is answered instead',
  params: ofInstance,
  response: backup,
  status: 202,
  errors: ['not-found', 'state-forbids'],
});

export const restoreBackup = defineOperation({
  id: 'restoreBackup',
  method: 'POST',
  path: '/v1/admin/instances/{instanceId}/restores',
  tag,
  identity,
  summary:
    'Bring a backup back into a live platform, which is put aside meanwhile; a backup of another platform of the same customer becomes a copy of it there. Repeats the subdomain as a confirmation',
  params: ofInstance,
  body: z.object({
    backupId: id,
    confirmation: z.string().max(100),
    reason: line(500, 3),
  }),
  response: operation,
  status: 201,
  errors: ['not-found', 'operation-open', 'state-forbids', 'invalid-request', 'confirmation-needed'],
});

export const readMoments = defineOperation({
  id: 'readMoments',
  method: 'GET',
  path: '/v1/admin/instances/{instanceId}/moments',
  tag,
  identity,
  summary: 'Which moments a platform can be taken from, beside the living one',
  params: ofInstance,
  response: z.object({
    /** Whether one can be asked for; else what is missing: backups, the server's log, PostgreSQL's programs. */
    state: z.enum(['ready', 'off', 'no-log', 'no-programs']),
    /** Since the platform exists, newest first. Between two of them the log has a gap. */
    moments: z.array(span),
  }),
  errors: ['not-found'],
});

export const takeMoment = defineOperation({
  id: 'takeMoment',
  method: 'POST',
  path: '/v1/admin/instances/{instanceId}/moments',
  tag,
  identity,
  summary:
    'Keep a backup of a platform as it was at a moment, from the log of the whole server; the living platform is not touched. While one is under way it is answered instead',
  params: ofInstance,
  body: z.object({ at: instant, reason: line(500, 3) }),
  response: backup,
  status: 202,
  errors: ['not-found', 'state-forbids', 'invalid-request', 'confirmation-needed'],
});

export const startDrill = defineOperation({
  id: 'startDrill',
  method: 'POST',
  path: '/v1/admin/drills',
  tag,
  identity,
  summary: 'Restore the newest backup of a random platform beside it, compare, and remove it again',
  response: drill,
  status: 202,
  errors: ['not-found', 'state-forbids'],
});

const ownBackup = backup.pick({
  id: true,
  kind: true,
  state: true,
  percent: true,
  moment: true,
  takenAt: true,
  files: true,
  bytes: true,
  createdAt: true,
});
export type OwnBackup = z.infer<typeof ownBackup>;

export const listOwnBackups = defineOperation({
  id: 'listOwnBackups',
  method: 'GET',
  path: '/v1/instances/{instanceId}/backups',
  tag,
  identity: 'account',
  summary: 'What is kept of a platform, how long, and when it was last tried (owner, administrator)',
  params: ofInstance,
  response: z.object({
    enabled: z.boolean(),
    /** One is taken by itself so often. */
    everyHours: z.number(),
    /** How many of the newest of each day, week and month are kept. */
    kept: z.object({ daily: z.int(), weekly: z.int(), monthly: z.int() }),
    /** When one of this platform was last brought back apart and found whole. */
    triedAt: instant.nullable(),
    /** Newest first. */
    items: z.array(ownBackup),
  }),
  errors: ['not-found', 'forbidden'],
});

export const takeOwnBackup = defineOperation({
  id: 'takeOwnBackup',
  method: 'POST',
  path: '/v1/instances/{instanceId}/backups',
  tag,
  identity: 'account',
  summary:
    'Take a backup of a platform now; while one is under way it is answered instead (owner, administrator)',
  params: ofInstance,
  response: ownBackup,
  status: 202,
  errors: ['not-found', 'forbidden', 'state-forbids'],
  limits: [{ max: 10, windowSeconds: 86_400, by: 'caller' }],
});

export const restoreOwnBackup = defineOperation({
  id: 'restoreOwnBackup',
  method: 'POST',
  path: '/v1/instances/{instanceId}/restores',
  tag,
  identity: 'account',
  summary:
    'Bring one of a platform’s own backups back, while it is put aside; what it is now is kept first. Repeats the subdomain as a confirmation (owner)',
  params: ofInstance,
  body: z.object({ backupId: id, confirmation: z.string().max(100) }),
  response: operation,
  status: 201,
  errors: [
    'not-found',
    'forbidden',
    'operation-open',
    'state-forbids',
    'invalid-request',
    'confirmation-needed',
  ],
  limits: [{ max: 10, windowSeconds: 86_400, by: 'caller' }],
});

export const restoreTenant = defineOperation({
  id: 'restoreTenant',
  method: 'PUT',
  path: '/v1/operator/operations/{operationId}/restore',
  tag,
  identity: 'operator',
  summary: 'Bring back the backup that the operation is about; repeating tells how far it is',
  params: z.object({ operationId: id }),
  response: z.object({ state: jobState, percent: z.int(), error: z.string().nullable() }),
  errors: ['not-found', 'state-forbids'],
});
