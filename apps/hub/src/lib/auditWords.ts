import type { Breach, PlatformAction, PlatformEntry } from '@preau/contract/audit';
import * as m from '#lib/paraglide/messages.js';

/** What an entry of the log says, in words. */
const sentences: Record<PlatformAction, (names: { actor: string }) => string> = {
  'account.verified': m.admin_audit_account_verified,
  'account.signed-in': m.admin_audit_account_signed_in,
  'account.sign-in-refused': m.admin_audit_account_sign_in_refused,
  'account.signed-out': m.admin_audit_account_signed_out,
  'account.password-reset': m.admin_audit_account_password_reset,
  'account.password-changed': m.admin_audit_account_password_changed,
  'account.changed': m.admin_audit_account_changed,
  'account.email-changed': m.admin_audit_account_email_changed,
  'account.factor-added': m.admin_audit_account_factor_added,
  'account.factor-removed': m.admin_audit_account_factor_removed,
  'account.factors-reset': m.admin_audit_account_factors_reset,
  'account.sessions-ended': m.admin_audit_account_sessions_ended,
  'staff.signed-in': m.admin_audit_staff_signed_in,
  'staff.sign-in-refused': m.admin_audit_staff_sign_in_refused,
  'staff.signed-out': m.admin_audit_staff_signed_out,
  'staff.factor-added': m.admin_audit_staff_factor_added,
  'staff.factor-removed': m.admin_audit_staff_factor_removed,
  'staff.factors-reset': m.admin_audit_staff_factors_reset,
  'organisation.created': m.admin_audit_organisation_created,
  'organisation.changed': m.admin_audit_organisation_changed,
  'account.recovery-codes-drawn': m.admin_audit_account_recovery_codes_drawn,
  'account.passkey-copied': m.admin_audit_account_passkey_copied,
  'staff.recovery-codes-drawn': m.admin_audit_staff_recovery_codes_drawn,
  'staff.passkey-copied': m.admin_audit_staff_passkey_copied,
  'staff.password-changed': m.admin_audit_staff_password_changed,
  'staff.sessions-ended': m.admin_audit_staff_sessions_ended,
  'organisation.second-factor-required': m.admin_audit_organisation_second_factor_required,
  'organisation.second-factor-optional': m.admin_audit_organisation_second_factor_optional,
  'member.invited': m.admin_audit_member_invited,
  'member.joined': m.admin_audit_member_joined,
  'member.role-changed': m.admin_audit_member_role_changed,
  'member.removed': m.admin_audit_member_removed,
  'member.signed-out': m.admin_audit_member_signed_out,
  'order.placed': m.admin_audit_order_placed,
  'order.cancelled': m.admin_audit_order_cancelled,
  'order.paid': m.admin_audit_order_paid,
  'instance.provision-requested': m.admin_audit_instance_provision_requested,
  'instance.suspend-requested': m.admin_audit_instance_suspend_requested,
  'instance.resume-requested': m.admin_audit_instance_resume_requested,
  'instance.restart-requested': m.admin_audit_instance_restart_requested,
  'instance.update-requested': m.admin_audit_instance_update_requested,
  'instance.rotate-requested': m.admin_audit_instance_rotate_requested,
  'instance.delete-requested': m.admin_audit_instance_delete_requested,
  'instance.operation-succeeded': m.admin_audit_instance_operation_succeeded,
  'instance.operation-failed': m.admin_audit_instance_operation_failed,
  'instance.opened': m.admin_audit_instance_opened,
  'instance.probed': m.admin_audit_instance_probed,
  'instance.log-read': m.admin_audit_instance_log_read,
  'instance.rebranded': m.admin_audit_instance_rebranded,
  'instance.read-only': m.admin_audit_instance_read_only,
  'instance.writable': m.admin_audit_instance_writable,
  'instance.suspended': m.admin_audit_instance_suspended,
  'instance.resumed': m.admin_audit_instance_resumed,
  'instance.plan-changed': m.admin_audit_instance_plan_changed,
  'instance.purged': m.admin_audit_instance_purged,
  'instance.restore-requested': m.admin_audit_instance_restore_requested,
  'instance.restored': m.admin_audit_instance_restored,
  'synthetic.removed': m.admin_audit_synthetic_removed,
  'backup.taken': m.admin_audit_backup_taken,
  'backup.whole-taken': m.admin_audit_backup_whole_taken,
  'backup.moment-requested': m.admin_audit_backup_moment_requested,
  'backup.deleted': m.admin_audit_backup_deleted,
  'backup.drilled': m.admin_audit_backup_drilled,
  'export.requested': m.admin_audit_export_requested,
  'export.downloaded': m.admin_audit_export_downloaded,
  'deletion.certified': m.admin_audit_deletion_certified,
  'file.quarantined': m.admin_audit_file_quarantined,
  'inbox.replayed': m.admin_audit_inbox_replayed,
  'incident.closed': m.admin_audit_incident_closed,
  'machine.active': m.admin_audit_machine_active,
  'machine.draining': m.admin_audit_machine_draining,
  'machine.gone': m.admin_audit_machine_gone,
  'release.published': m.admin_audit_release_published,
  'release.yanked': m.admin_audit_release_yanked,
  'release.cleared': m.admin_audit_release_cleared,
  'rollout.started': m.admin_audit_rollout_started,
  'rollout.paused': m.admin_audit_rollout_paused,
  'rollout.resumed': m.admin_audit_rollout_resumed,
  'rollout.forced': m.admin_audit_rollout_forced,
  'rollout.cancelled': m.admin_audit_rollout_cancelled,
  'rollout.halted': m.admin_audit_rollout_halted,
  'rollout.finished': m.admin_audit_rollout_finished,
  'instance.release-policy-changed': m.admin_audit_instance_release_policy_changed,
  'instance.maintenance-changed': m.admin_audit_instance_maintenance_changed,
  'support.requested': m.admin_audit_support_requested,
  'support.opened': m.admin_audit_support_opened,
  'support.viewed': m.admin_audit_support_viewed,
  'support.acted': m.admin_audit_support_acted,
  'support.denied': m.admin_audit_support_denied,
  'audit.anchored': m.admin_audit_audit_anchored,
  'audit.exported': m.admin_audit_audit_exported,
  'audit.verified': m.admin_audit_audit_verified,
  'audit.particulars-erased': m.admin_audit_audit_particulars_erased,
};

export const breachReasons: Record<Breach['reason'], () => string> = {
  gap: m.admin_audit_reason_gap,
  link: m.admin_audit_reason_link,
  content: m.admin_audit_reason_content,
  particulars: m.admin_audit_reason_particulars,
  tail: m.admin_audit_reason_tail,
  anchor: m.admin_audit_reason_anchor,
};

/** What the log can be narrowed to: all actions of one noun. */
export const nouns = (): { value: string; label: string }[] => [
  { value: '', label: m.admin_filter_all() },
  { value: 'account.', label: m.admin_audit_noun_account() },
  { value: 'staff.', label: m.admin_audit_noun_staff() },
  { value: 'organisation.', label: m.admin_audit_noun_organisation() },
  { value: 'member.', label: m.admin_audit_noun_member() },
  { value: 'order.', label: m.admin_audit_noun_order() },
  { value: 'instance.', label: m.admin_audit_noun_instance() },
  { value: 'backup.', label: m.admin_audit_noun_backup() },
  { value: 'export.', label: m.admin_audit_noun_export() },
  { value: 'inbox.', label: m.admin_audit_noun_inbox() },
  { value: 'incident.', label: m.admin_audit_noun_incident() },
  { value: 'release.', label: m.admin_audit_noun_release() },
  { value: 'rollout.', label: m.admin_audit_noun_rollout() },
  { value: 'support.', label: m.admin_audit_noun_support() },
  { value: 'audit.', label: m.admin_audit_noun_audit() },
];

/** Whoever acted, also where they are gone or were never known. */
export function actorName({ kind, id, name }: PlatformEntry['actor']): string {
  if (name) return name;
  if (kind === 'visitor') return m.admin_audit_visitor();
  if (kind === 'system') return m.admin_audit_system();
  return kind === 'service' ? (id ?? m.admin_audit_system()) : m.admin_audit_gone();
}

export const sentenceOf = (entry: PlatformEntry): string =>
  sentences[entry.action]({ actor: actorName(entry.actor) });

/** Words for what is told by a name of the API. */
const told: Record<string, () => string> = {
  password: m.admin_audit_means_password,
  passkey: m.admin_audit_means_passkey,
  totp: m.admin_audit_means_totp,
  'recovery-code': m.admin_audit_means_recovery_code,
  link: m.admin_audit_means_link,
};

/** What it was done to: the names behind the ids, then what is told in words; numbers are in the details. */
export function subjectsOf({ names, actor, details }: PlatformEntry): string[] {
  const known = Object.entries(names).flatMap(([id, name]) => (id === actor.id ? [] : [name]));
  const values = Object.values(details).filter(
    (value): value is string => typeof value === 'string' && !/^[0-9a-f-]{36,64}$/.test(value),
  );
  return [...new Set([...known, ...values.map((value) => told[value]?.() ?? value)])];
}
