import type { FleetCell } from '@preau/contract/platform/metering';
import * as m from '#lib/paraglide/messages.js';

/** What staff need to know of an instance at a glance, out of its axes. */
export type FleetState = 'well' | 'asleep' | 'busy' | 'ill' | 'down' | 'closed';

export const fleetStates: Record<FleetState, { label: () => string; cell: string }> = {
  well: { label: m.fleet_state_well, cell: 'border-success-line bg-success-soft text-success-text' },
  asleep: { label: m.fleet_state_asleep, cell: 'border-line bg-surface text-ink-soft' },
  busy: { label: m.fleet_state_busy, cell: 'border-info-line bg-info-soft text-info-text' },
  ill: { label: m.fleet_state_ill, cell: 'border-warning-line bg-warning-soft text-warning-text' },
  down: { label: m.fleet_state_down, cell: 'border-danger-line bg-danger-soft text-danger-text' },
  closed: { label: m.fleet_state_closed, cell: 'border-line bg-sunken text-ink-soft' },
};

export function fleetState({ lifecycle, power, health, openOperation }: FleetCell): FleetState {
  if (openOperation) return 'busy';
  if (lifecycle === 'provision_failed') return 'down';
  if (lifecycle !== 'live')
    return lifecycle === 'requested' || lifecycle === 'provisioning' ? 'busy' : 'closed';
  // A sleeper that could not be woken is down as well.
  if (health === 'down') return 'down';
  if (power === 'sleeping') return 'asleep';
  return health === 'degraded' ? 'ill' : 'well';
}
