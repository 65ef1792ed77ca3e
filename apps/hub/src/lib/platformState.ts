import type { Instance, InstanceOperation } from '@preau/contract/platform/instances';
import * as m from '#lib/paraglide/messages.js';

export type PlatformState = {
  kind: 'success' | 'info' | 'warning' | 'danger' | 'neutral';
  label: string;
  text: string;
  /** Something is under way: the page should look again. */
  moving: boolean;
};

export const isOpen = (operation: InstanceOperation | null): operation is InstanceOperation =>
  operation?.state === 'pending' || operation?.state === 'running';

/** What a customer is told of a platform, out of its four axes of state. */
export function platformState(instance: Instance): PlatformState {
  const { lifecycle, power, health, operation } = instance;
  const open = isOpen(operation) ? operation.type : null;
  if (lifecycle === 'purged') {
    return {
      kind: 'neutral',
      label: m.portal_state_deleted(),
      text: m.portal_state_deleted_text(),
      moving: false,
    };
  }
  if (open === 'delete' || lifecycle === 'purging') {
    return {
      kind: 'warning',
      label: m.portal_state_deleting(),
      text: m.portal_state_deleting_text(),
      moving: true,
    };
  }
  if (open === 'provision' || (lifecycle === 'requested' && operation?.state !== 'failed')) {
    return {
      kind: 'info',
      label: m.portal_state_building(),
      text: m.portal_state_building_text(),
      moving: true,
    };
  }
  if (lifecycle === 'provision_failed' || lifecycle === 'requested' || lifecycle === 'provisioning') {
    return {
      kind: 'danger',
      label: m.portal_state_failed(),
      text: m.portal_state_failed_text(),
      moving: false,
    };
  }
  if (open === 'restart' || open === 'update') {
    return {
      kind: 'info',
      label: open === 'restart' ? m.portal_state_restarting() : m.portal_state_updating(),
      text: m.portal_state_restarting_text(),
      moving: true,
    };
  }
  if (open === 'resume') {
    return {
      kind: 'info',
      label: m.portal_state_resuming(),
      text: m.portal_state_restarting_text(),
      moving: true,
    };
  }
  if (lifecycle === 'suspended' || lifecycle === 'archived' || open === 'suspend') {
    return {
      kind: 'warning',
      label: lifecycle === 'archived' ? m.portal_state_archived() : m.portal_state_suspended(),
      text: m.portal_state_suspended_text(),
      moving: open !== null,
    };
  }
  // A sleeper that could not be woken is down as well.
  if (health === 'down') {
    return { kind: 'danger', label: m.portal_state_down(), text: m.portal_state_down_text(), moving: true };
  }
  if (power === 'sleeping') {
    return {
      kind: 'success',
      label: m.portal_state_sleeping(),
      text: m.portal_state_sleeping_text(),
      moving: false,
    };
  }
  if (power === 'waking') {
    return {
      kind: 'success',
      label: m.portal_state_waking(),
      text: m.portal_state_waking_text(),
      moving: true,
    };
  }
  if (health === 'degraded') {
    return {
      kind: 'warning',
      label: m.portal_state_degraded(),
      text: m.portal_state_degraded_text(),
      moving: true,
    };
  }
  return { kind: 'success', label: m.portal_state_live(), text: m.portal_state_live_text(), moving: false };
}

const types: Record<InstanceOperation['type'], () => string> = {
  provision: m.portal_operation_provision,
  suspend: m.portal_operation_suspend,
  resume: m.portal_operation_resume,
  restart: m.portal_operation_restart,
  delete: m.portal_operation_delete,
  update: m.portal_operation_update,
  rotate: m.portal_operation_rotate,
  restore: m.portal_operation_restore,
  trial: m.portal_operation_trial,
};
export const operationLabel = (type: InstanceOperation['type']): string => types[type]();

const outcomes: Record<InstanceOperation['state'], () => string> = {
  pending: m.portal_outcome_pending,
  running: m.portal_outcome_running,
  succeeded: m.portal_outcome_succeeded,
  rolled_back: m.portal_outcome_rolled_back,
  failed: m.portal_outcome_failed,
};
export const outcomeLabel = (state: InstanceOperation['state']): string => outcomes[state]();
export const outcomeKind = (state: InstanceOperation['state']) =>
  ({ pending: 'neutral', running: 'info', succeeded: 'success', rolled_back: 'warning', failed: 'danger' })[
    state
  ] as 'neutral' | 'info' | 'success' | 'warning' | 'danger';

/** Whole seconds between two instants, with one decimal below ten: `3,4 s`. */
export function formatDuration(from: string, to: string, locale: string): string {
  const seconds = Math.max(0, Date.parse(to) - Date.parse(from)) / 1000;
  const digits = seconds < 10 ? 1 : 0;
  return `${seconds.toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })} s`;
}
