import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { id, instant, listOf } from '../primitives.ts';
import { operation } from './instances.ts';

const tag = 'Releases';

export const releaseId = z.string().regex(/^\w[\w.-]{0,99}$/);
const digest = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .meta({ description: 'SHA-256 over the names and contents of every file of the artefact' });
const notes = z.object({ fr: z.string().max(10_000), en: z.string().max(10_000) });
const apiNumber = z.int().min(1).max(100_000);

/** What lies beside an artefact as `release.json`. */
export const releaseManifest = z.object({
  id: releaseId,
  digest,
  minApi: apiNumber,
  maxApi: apiNumber,
  /** What is new, for customers: one thing a line. */
  notes,
  builtAt: instant,
  bytes: z.int(),
});
export type ReleaseManifest = z.infer<typeof releaseManifest>;

/** Whom a release reaches in which order; customers choose among all but `internal`. */
export const channel = z.enum(['internal', 'canary', 'stable', 'slow']);
export type Channel = z.infer<typeof channel>;
export const ring = z.enum(['internal', 'canary', 'stable-5', 'stable-25', 'stable-100', 'slow']);
export type Ring = z.infer<typeof ring>;
/** `rings`: ring after ring, within maintenance windows. `at-once`: everybody, now. */
export const pace = z.enum(['rings', 'at-once']);
/** `halted`: too much failed; staff decide. */
export const rolloutState = z.enum(['running', 'paused', 'halted', 'finished', 'cancelled']);
/** Where one instance stands in a roll-out; `at-next-start`: it does not run and takes the release when it does. */
export const standing = z.enum(['waiting', 'updating', 'updated', 'at-next-start', 'rolled-back', 'skipped']);
export type Standing = z.infer<typeof standing>;
/** Why an instance is left out: it is pinned, is gone, or this release failed on it before. */
export const skipReason = z.enum(['pinned', 'gone', 'failed-before']);

export const rollout = z.object({
  id,
  releaseId,
  state: rolloutState,
  pace,
  /** Maintenance windows and pauses between rings are ignored. */
  forced: z.boolean(),
  /** How long a ring is watched before the next begins. */
  soakMinutes: z.int(),
  ring,
  startedAt: instant,
  finishedAt: instant.nullable(),
  /** `in-a-row`: two failures; `nowhere`: whoever tried it refused it; `share 3/50`: so many of the fleet. */
  haltReason: z.string().nullable(),
  rings: z.array(
    z.object({
      ring,
      /** How many instances stand where. */
      counts: z.record(standing, z.int()),
    }),
  ),
});
export type Rollout = z.infer<typeof rollout>;

export const rolloutDetail = rollout.extend({
  /** Those that are being updated or tried, failed or were left out; the latest first, a hundred at most. */
  instances: z.array(
    z.object({
      instanceId: id,
      slug: z.string(),
      ring,
      standing,
      fromRelease: z.string().nullable(),
      reason: z.string().nullable(),
      finishedAt: instant.nullable(),
      /** It was tried while it slept: no visitor met the release. */
      tried: z.boolean(),
      /** Its failure no longer keeps it from this release. */
      cleared: z.boolean(),
    }),
  ),
  /** When the next maintenance window of a waiting instance opens; null where one is open, or nobody waits. */
  nextWindowAt: instant.nullable(),
});
export type RolloutDetail = z.infer<typeof rolloutDetail>;

export const release = releaseManifest.extend({
  publishedAt: instant,
  /** New platforms get the youngest of these; null before a roll-out has brought it to everybody in `stable`. */
  stableSince: instant.nullable(),
  yankedAt: instant.nullable(),
  /** What new platforms start with. */
  current: z.boolean(),
  /** Whether the backend speaks one of its API versions. */
  spoken: z.boolean(),
  /** How many instances run it. */
  instances: z.int(),
  /** On how many instances it failed and will not be tried again. */
  refusedBy: z.int(),
  rollout: rollout.nullable(),
});
export type Release = z.infer<typeof release>;

const releaseParams = z.object({ releaseId });
const rolloutParams = z.object({ rolloutId: id });
const instanceParams = z.object({ instanceId: id });
const reason = z.string().trim().min(3).max(500);

export const registerRelease = defineOperation({
  id: 'registerRelease',
  method: 'PUT',
  path: '/v1/operator/releases/{releaseId}',
  tag,
  identity: 'operator',
  summary:
    'Make a published artefact known; the same again changes nothing, other bytes under its name are refused',
  params: releaseParams,
  body: releaseManifest.omit({ id: true }).extend({
    /** Brings it to every instance at once, as on a developer’s machine. */
    rollOut: z.boolean().default(false),
  }),
  kind: 'empty',
  status: 204,
  errors: ['conflict'],
});

export const listKnownReleases = defineOperation({
  id: 'listKnownReleases',
  method: 'GET',
  path: '/v1/operator/releases',
  tag,
  identity: 'operator',
  summary: 'Every release that was published, youngest first',
  response: listOf(
    z.object({
      id: releaseId,
      digest,
      publishedAt: instant,
      yanked: z.boolean(),
      current: z.boolean(),
      /** Instances that run it, should run it or are pinned to it. */
      instances: z.int(),
    }),
  ),
});

export const advanceRollout = defineOperation({
  id: 'advanceRollout',
  method: 'POST',
  path: '/v1/operator/rollouts/advance',
  tag,
  identity: 'operator',
  summary:
    'Go on with the roll-out that is under way: opens the next updates, as many as fit; repeating is harmless',
  body: z.object({
    room: z.int().min(0).max(1_000).meta({ description: 'How many more processes fit into memory' }),
    /** Processes are begun of its instances only; of every one where none is named. */
    machine: z.string().max(63).optional(),
  }),
  response: z.object({
    rolloutId: id.nullable(),
    state: rolloutState.nullable(),
    opened: z.array(operation),
  }),
});

export const refuseRelease = defineOperation({
  id: 'refuseRelease',
  method: 'POST',
  path: '/v1/operator/instances/{instanceId}/release-refusals',
  tag,
  identity: 'operator',
  summary: 'An instance does not start with the release that it should take: back to the one it ran before',
  params: instanceParams,
  body: z.object({ releaseId, reason: z.string().max(2000) }),
  kind: 'empty',
  status: 204,
  errors: ['not-found'],
});

export const listReleases = defineOperation({
  id: 'listReleases',
  method: 'GET',
  path: '/v1/admin/releases',
  tag,
  identity: 'staff',
  summary: 'Releases with who runs them and their last roll-out, youngest first',
  response: listOf(release),
});

export const startRollout = defineOperation({
  id: 'startRollout',
  method: 'POST',
  path: '/v1/admin/releases/{releaseId}/rollouts',
  tag,
  identity: 'staff',
  summary: 'Bring a release to the fleet; one roll-out is under way at a time',
  params: releaseParams,
  body: z.object({ pace, soakMinutes: z.int().min(0).max(10_080), reason }),
  response: rollout,
  status: 201,
  errors: ['not-found', 'state-forbids', 'conflict', 'confirmation-needed'],
});

export const getRollout = defineOperation({
  id: 'getRollout',
  method: 'GET',
  path: '/v1/admin/rollouts/{rolloutId}',
  tag,
  identity: 'staff',
  summary: 'A roll-out by ring, with the instances that need a look',
  params: rolloutParams,
  response: rolloutDetail,
  errors: ['not-found'],
});

export const steerRollout = defineOperation({
  id: 'steerRollout',
  method: 'POST',
  path: '/v1/admin/rollouts/{rolloutId}/acts',
  tag,
  identity: 'staff',
  summary:
    'Pause, resume (also after a halt), force through windows, or cancel; updates under way end by themselves',
  params: rolloutParams,
  body: z.object({ act: z.enum(['pause', 'resume', 'force', 'cancel']), reason }),
  response: rollout,
  errors: ['not-found', 'state-forbids', 'confirmation-needed'],
});

export const yankRelease = defineOperation({
  id: 'yankRelease',
  method: 'POST',
  path: '/v1/admin/releases/{releaseId}/yank',
  tag,
  identity: 'staff',
  summary:
    'Withdraw a release: nobody takes it any more; those who run it keep it until another one reaches them',
  params: releaseParams,
  body: z.object({ reason }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'state-forbids', 'confirmation-needed'],
});

export const clearRefusals = defineOperation({
  id: 'clearRefusals',
  method: 'POST',
  path: '/v1/admin/releases/{releaseId}/clearances',
  tag,
  identity: 'staff',
  summary: 'Let a release be tried again where it failed',
  params: releaseParams,
  body: z.object({ reason }),
  response: z.object({ cleared: z.int() }),
  errors: ['not-found'],
});

export const setReleasePolicy = defineOperation({
  id: 'setReleasePolicy',
  method: 'PUT',
  path: '/v1/admin/instances/{instanceId}/release-policy',
  tag,
  identity: 'staff',
  summary: 'The channel of an instance, and the release that it is pinned to (an update brings it there)',
  params: instanceParams,
  body: z.object({ channel, pinnedRelease: releaseId.nullable(), reason }),
  kind: 'empty',
  status: 204,
  errors: ['not-found', 'state-forbids', 'operation-open'],
});

const timeZone = z
  .string()
  .max(60)
  .refine(
    (name) => {
      try {
        return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
      } catch {
        return false;
      }
    },
    { error: 'timeZone.unknown' },
  );

/** When updates may happen, by the clock of a place. Each window begins on one of its days, and may end on the next. */
export const maintenanceWindow = z.object({
  /** 1 is Monday. */
  days: z.array(z.int().min(1).max(7)).min(1).max(7),
  /** The hour at which it begins. */
  from: z.int().min(0).max(23),
  /** Two hours at least: one of them may not exist in the night that the clock is put forward. */
  hours: z.int().min(2).max(12),
  timeZone,
});
export type MaintenanceWindow = z.infer<typeof maintenanceWindow>;

export const maintenance = z.object({
  window: maintenanceWindow,
  channel,
  /** What runs; null before the platform is live, or where it was not published. */
  release: releaseManifest.pick({ id: true, notes: true, builtAt: true }).nullable(),
  /** What comes next; null where nothing is planned. */
  coming: releaseManifest.pick({ id: true, notes: true }).nullable(),
  pinned: z.boolean(),
  /** When the next window opens, or the present one did. */
  next: z.object({ from: instant, until: instant }),
});
export type Maintenance = z.infer<typeof maintenance>;

export const getMaintenance = defineOperation({
  id: 'getMaintenance',
  method: 'GET',
  path: '/v1/instances/{instanceId}/maintenance',
  tag: 'Instances',
  identity: 'account',
  summary: 'Which version a platform runs, what is new, and when it may be updated',
  params: instanceParams,
  response: maintenance,
  errors: ['not-found'],
});

export const setMaintenance = defineOperation({
  id: 'setMaintenance',
  method: 'PUT',
  path: '/v1/instances/{instanceId}/maintenance',
  tag: 'Instances',
  identity: 'account',
  summary: 'Choose when a platform is updated, and how early (owner, administrator)',
  params: instanceParams,
  body: z.object({ window: maintenanceWindow, channel: channel.exclude(['internal']) }),
  response: maintenance,
  errors: ['not-found', 'forbidden', 'state-forbids'],
});
