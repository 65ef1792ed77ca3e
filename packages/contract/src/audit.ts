import { z } from 'zod';
import { id, instant, page, search } from './primitives.ts';

/**
 * What a platform's own log knows. The list is part of the API: a name is never changed, for it is in chains that
 * nobody can rewrite. `noun.verb`, in the past.
 */
export const tenantActions = [
  'session.opened',
  'session.refused',
  'session.ended',
  'sessions.ended',
  'password.changed',
  'password.reset',
  'password.reset-requested',
  'sign-in-link.requested',
  'factor.added',
  'factor.removed',
  'factor.codes-drawn',
  'factor.copied',
  'factor.reset',
  'registration.made',
  'registration.confirmed',
  'administrator.created',
  'profile.changed',
  'person.role-changed',
  'person.disabled',
  'person.enabled',
  'person.signed-out',
  'person.invited',
  'invitation.revoked',
  'invitation.accepted',
  'enrolment.made',
  'enrolment.joined',
  'enrolment.ended',
  'enrolments.exported',
  'attempt.granted',
  'attempt.submitted',
  'grade.changed',
  'course.created',
  'course.changed',
  'course.published',
  'course.deleted',
  'import.started',
  'file.quarantined',
  'files.deleted',
  'settings.changed',
  'branding.changed',
  'certificate.issued',
  'certificate.revoked',
  'role.created',
  'role.changed',
  'role.deleted',
  'platform.restored',
  'platform.interrupted',
  'log.exported',
  'log.verified',
  'log.particulars-erased',
  'support.requested',
  'support.granted',
  'support.refused',
  'support.revoked',
  'support.opened',
  'support.viewed',
  'support.acted',
  'support.denied',
  'support.closed',
] as const;
export const tenantAction = z.enum(tenantActions);
export type TenantAction = z.infer<typeof tenantAction>;

/** What the platform's log knows. */
export const platformActions = [
  'account.verified',
  'account.signed-in',
  'account.sign-in-refused',
  'account.signed-out',
  'account.password-reset',
  'account.password-changed',
  'account.changed',
  'account.email-changed',
  'account.factor-added',
  'account.factor-removed',
  'account.factors-reset',
  'account.recovery-codes-drawn',
  'account.passkey-copied',
  'account.sessions-ended',
  'staff.signed-in',
  'staff.sign-in-refused',
  'staff.signed-out',
  'staff.factor-added',
  'staff.factor-removed',
  'staff.factors-reset',
  'staff.password-changed',
  'staff.recovery-codes-drawn',
  'staff.passkey-copied',
  'staff.sessions-ended',
  'organisation.created',
  'organisation.changed',
  'organisation.second-factor-required',
  'organisation.second-factor-optional',
  'member.invited',
  'member.joined',
  'member.role-changed',
  'member.removed',
  'member.signed-out',
  'order.placed',
  'order.cancelled',
  'order.paid',
  'instance.provision-requested',
  'instance.suspend-requested',
  'instance.resume-requested',
  'instance.restart-requested',
  'instance.update-requested',
  'instance.rotate-requested',
  'instance.delete-requested',
  'instance.restore-requested',
  'instance.operation-succeeded',
  'instance.operation-failed',
  'instance.opened',
  'instance.log-read',
  'instance.probed',
  'instance.rebranded',
  'instance.read-only',
  'instance.writable',
  'instance.suspended',
  'instance.resumed',
  'instance.plan-changed',
  'instance.purged',
  'instance.restored',
  'synthetic.removed',
  'backup.taken',
  'backup.whole-taken',
  'backup.moment-requested',
  'backup.deleted',
  'backup.drilled',
  'export.requested',
  'export.downloaded',
  'deletion.certified',
  'file.quarantined',
  'inbox.replayed',
  'incident.closed',
  'machine.active',
  'machine.draining',
  'machine.gone',
  'release.published',
  'release.yanked',
  'release.cleared',
  'rollout.started',
  'rollout.paused',
  'rollout.resumed',
  'rollout.forced',
  'rollout.cancelled',
  'rollout.halted',
  'rollout.finished',
  'instance.release-policy-changed',
  'instance.maintenance-changed',
  'support.requested',
  'support.opened',
  'support.viewed',
  'support.acted',
  'support.denied',
  'audit.anchored',
  'audit.exported',
  'audit.verified',
  'audit.particulars-erased',
] as const;
export const platformAction = z.enum(platformActions);
export type PlatformAction = z.infer<typeof platformAction>;

export const actorKind = z.enum(['account', 'staff', 'service', 'user', 'visitor', 'system']);

/** One entry as people read it: ids are resolved to names when it is read, never when it is written. */
const entry = z.object({
  id,
  /** Counts from 1 without gaps. */
  seq: z.int(),
  at: instant,
  actor: z.object({
    kind: actorKind,
    /** Of the person; of a service its name. */
    id: z.string().nullable(),
    /** Null where the person is gone. */
    name: z.string().nullable(),
  }),
  /** The support access on behalf of which staff acted. */
  onBehalfOf: z.string().nullable(),
  target: z.string().nullable(),
  details: z.record(z.string(), z.unknown()),
  /** Names of the ids in `target` and `details`, as far as they are still known. */
  names: z.record(z.string(), z.string()),
  requestId: z.string().nullable(),
  /** The network address; null where there was none, or once it has been erased. */
  address: z.string().nullable(),
  /** An address that was typed and belongs to nobody; erased with the network address. */
  email: z.string().nullable(),
  /** The reason that was given; erased with the network address. */
  note: z.string().nullable(),
  hash: z.string(),
});
export const tenantEntry = entry.extend({ action: tenantAction });
export const platformEntry = entry.extend({ action: platformAction });
export type TenantEntry = z.infer<typeof tenantEntry>;
export type PlatformEntry = z.infer<typeof platformEntry>;

const day = z.iso.date().optional();
/** `from` and `until` are days in Paris, both included. */
export const entryFilter = {
  /** Whoever acted, by a part of the name or address. */
  person: search,
  from: day,
  until: day,
};
export const entryQuery = { ...page, ...entryFilter };
export const exportFormat = z.enum(['jsonl', 'csv']).default('jsonl');

/** Why a chain is not whole, at its first broken link. */
export const breach = z.object({
  /** The entry that the walk stopped at. */
  seq: z.int(),
  /**
   * `gap`: an entry is missing; `link`: it does not name the hash before it; `content`: it was changed;
   * `particulars`: its particulars are not those that it was written with; `tail`: the end was cut off;
   * `anchor`: another hash was anchored.
   */
  reason: z.enum(['gap', 'link', 'content', 'particulars', 'tail', 'anchor']),
});
export type Breach = z.infer<typeof breach>;

export const verification = z.object({
  intact: z.boolean(),
  entries: z.int(),
  head: z.object({ seq: z.int(), hash: z.string() }).nullable(),
  /** The newest anchor that was compared; null where none is there yet. */
  anchoredSeq: z.int().nullable(),
  /** Entries whose particulars have been erased. */
  erased: z.int(),
  breach: breach.nullable(),
  checkedAt: instant,
});
export type Verification = z.infer<typeof verification>;
