import type { Channel, Ring, Rollout, Standing } from '@preau/contract/platform/releases';
import type { Look } from '#lib/adminWords.ts';
import * as m from '#lib/paraglide/messages.js';

export const rolloutStates: Record<Rollout['state'], Look> = {
  running: { kind: 'info', label: m.rollout_state_running },
  paused: { kind: 'warning', label: m.rollout_state_paused },
  halted: { kind: 'danger', label: m.rollout_state_halted },
  finished: { kind: 'success', label: m.rollout_state_finished },
  cancelled: { kind: 'neutral', label: m.rollout_state_cancelled },
};

export const rings: Record<Ring, () => string> = {
  internal: m.ring_internal,
  canary: m.ring_canary,
  'stable-5': m.ring_stable_5,
  'stable-25': m.ring_stable_25,
  'stable-100': m.ring_stable_100,
  slow: m.ring_slow,
};

export const standings: Record<Standing, Look> = {
  waiting: { kind: 'neutral', label: m.standing_waiting },
  updating: { kind: 'info', label: m.standing_updating },
  updated: { kind: 'success', label: m.standing_updated },
  'at-next-start': { kind: 'success', label: m.standing_at_next_start },
  'rolled-back': { kind: 'danger', label: m.standing_rolled_back },
  skipped: { kind: 'neutral', label: m.standing_skipped },
};

const skipped: Record<string, () => string> = {
  pinned: m.skip_pinned,
  gone: m.skip_gone,
  'failed-before': m.skip_failed_before,
};
/** Why an instance stands where it does: our own words, or what its process said. */
export const reasonOf = (reason: string | null): string => (reason ? (skipped[reason]?.() ?? reason) : '–');

const halts: Record<string, () => string> = { 'in-a-row': m.halt_in_a_row, nowhere: m.halt_nowhere };
/** Why a roll-out halted. What was written down before there were words for it is shown as it is. */
export function haltWords(reason: string): string {
  const [, failures, size] = /^share (\d+)\/(\d+)$/.exec(reason) ?? [];
  return failures && size ? m.halt_share({ failures, size }) : (halts[reason]?.() ?? reason);
}

export const channels: Record<Channel, () => string> = {
  internal: m.channel_internal,
  canary: m.channel_canary,
  stable: m.channel_stable,
  slow: m.channel_slow,
};

/** What staff may do with a roll-out as it stands. */
export function actsOf({ state, forced }: Rollout): { value: string; label: string }[] {
  const acts = {
    pause: m.rollout_act_pause,
    resume: m.rollout_act_resume,
    force: m.rollout_act_force,
    cancel: m.rollout_act_cancel,
  };
  const possible: Record<Rollout['state'], (keyof typeof acts)[]> = {
    running: forced ? ['pause', 'cancel'] : ['pause', 'force', 'cancel'],
    paused: forced ? ['resume', 'cancel'] : ['resume', 'force', 'cancel'],
    halted: ['resume', 'cancel'],
    finished: [],
    cancelled: [],
  };
  return possible[state].map((value) => ({ value, label: acts[value]() }));
}
