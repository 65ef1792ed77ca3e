import type { Instance } from '@preau/contract/platform/instances';
import type { SupportAccess, SupportScope } from '@preau/contract/tenant/support';
import * as m from '#lib/paraglide/messages.js';

export type Look = { kind: 'success' | 'info' | 'warning' | 'danger' | 'neutral'; label: () => string };

export const lifecycles: Record<Instance['lifecycle'], Look> = {
  requested: { kind: 'info', label: m.admin_lifecycle_requested },
  provisioning: { kind: 'info', label: m.admin_lifecycle_provisioning },
  live: { kind: 'success', label: m.admin_lifecycle_live },
  provision_failed: { kind: 'danger', label: m.admin_lifecycle_provision_failed },
  suspended: { kind: 'warning', label: m.admin_lifecycle_suspended },
  archived: { kind: 'neutral', label: m.admin_lifecycle_archived },
  purging: { kind: 'warning', label: m.admin_lifecycle_purging },
  purged: { kind: 'neutral', label: m.admin_lifecycle_purged },
};
export const powers: Record<Instance['power'], Look> = {
  awake: { kind: 'success', label: m.admin_power_awake },
  sleeping: { kind: 'neutral', label: m.admin_power_sleeping },
  waking: { kind: 'info', label: m.admin_power_waking },
  stopped: { kind: 'neutral', label: m.admin_power_stopped },
};
export const healths: Record<Instance['health'], Look> = {
  unknown: { kind: 'neutral', label: m.admin_health_unknown },
  healthy: { kind: 'success', label: m.admin_health_healthy },
  degraded: { kind: 'warning', label: m.admin_health_degraded },
  down: { kind: 'danger', label: m.admin_health_down },
};
export const inboxStates: Record<'pending' | 'done' | 'ignored' | 'dead', Look> = {
  pending: { kind: 'info', label: m.admin_inbox_pending },
  done: { kind: 'success', label: m.admin_inbox_done },
  ignored: { kind: 'neutral', label: m.admin_inbox_ignored },
  dead: { kind: 'danger', label: m.admin_inbox_dead },
};
export const severities: Record<'info' | 'warning' | 'critical', Look> = {
  info: { kind: 'info', label: m.admin_severity_info },
  warning: { kind: 'warning', label: m.admin_severity_warning },
  critical: { kind: 'danger', label: m.admin_severity_critical },
};
export const mailStates: Record<'kept' | 'queued' | 'sent' | 'failed' | 'dead', Look> = {
  kept: { kind: 'neutral', label: m.admin_mail_kept },
  queued: { kind: 'info', label: m.admin_mail_queued },
  sent: { kind: 'success', label: m.admin_mail_sent },
  failed: { kind: 'warning', label: m.admin_mail_failed },
  dead: { kind: 'danger', label: m.admin_mail_dead },
};
export const supportStates: Record<SupportAccess['state'], Look> = {
  pending: { kind: 'info', label: m.admin_support_pending },
  active: { kind: 'success', label: m.admin_support_active },
  refused: { kind: 'neutral', label: m.admin_support_refused },
  expired: { kind: 'neutral', label: m.admin_support_expired },
  revoked: { kind: 'neutral', label: m.admin_support_revoked },
};
export const supportScopes: Record<SupportScope, () => string> = {
  settings: m.admin_support_scope_settings,
  courses: m.admin_support_scope_courses,
  trainer: m.admin_support_scope_trainer,
  administrator: m.admin_support_scope_administrator,
};
export const actors: Record<'account' | 'staff' | 'service' | 'user' | 'visitor' | 'system', () => string> = {
  account: m.admin_actor_account,
  staff: m.admin_actor_staff,
  service: m.admin_actor_service,
  user: m.admin_actor_user,
  visitor: m.admin_actor_visitor,
  system: m.admin_actor_system,
};

/** What a filter offers: everything, or one of these. */
export const choices = (looks: Record<string, Look>) => [
  { value: '', label: m.admin_filter_all() },
  ...Object.entries(looks).map(([value, { label }]) => ({ value, label: label() })),
];
