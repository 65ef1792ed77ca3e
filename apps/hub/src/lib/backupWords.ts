import type { Backup, MomentFailure } from '@preau/contract/platform/backups';
import type { Look } from '#lib/adminWords.ts';
import * as m from '#lib/paraglide/messages.js';

/** Backups, and drills of them. */
export const jobStates: Record<Backup['state'], Look> = {
  queued: { kind: 'neutral', label: m.job_queued },
  running: { kind: 'info', label: m.job_running },
  succeeded: { kind: 'success', label: m.job_succeeded },
  failed: { kind: 'danger', label: m.job_failed },
};
const kinds: Record<Backup['kind'], () => string> = {
  scheduled: m.backups_kind_scheduled,
  manual: m.backups_kind_manual,
  safety: m.backups_kind_safety,
  final: m.backups_kind_final,
};
/** Why it was taken, or that it was taken from the log. */
export const backupKind = ({ kind, moment }: Pick<Backup, 'kind' | 'moment'>): string =>
  moment === null ? kinds[kind]() : m.backups_kind_moment();
export const momentFailures: Record<MomentFailure, () => string> = {
  log: m.moment_failed_log,
  room: m.moment_failed_room,
  platform: m.moment_failed_platform,
  server: m.moment_failed_server,
};
