/** What a run of `bench:fleet` found, as a picture. */
import { moodle } from '../moodle.ts';
import { type Bars, picture } from '../report.ts';
import { quantile } from '../statistics.ts';
import type { KillsResult } from './kills.ts';
import type { FleetProvisioning } from './provisioning.ts';
import type { RolloutResult } from './rollout.ts';
import type { WakeResult } from './wake.ts';

export interface FleetReport {
  at: string;
  machine: { cpus: number; model: string; node: string; loadAverage: number };
  provisioning?: FleetProvisioning;
  wake?: WakeResult;
  rollout?: RolloutResult;
  kills?: KillsResult;
}

const ours = (label: string, value: number) => ({ label, value, ours: true });
const p95 = (times: readonly number[]) => quantile(times, 0.95) / 1_000;

export function fleetPicture({ provisioning, wake, rollout, kills }: FleetReport): string {
  const groups: Bars[] = [];
  if (provisioning)
    groups.push({
      name: 'Paid → live, p95',
      unit: ' s',
      bars: [
        ours('one, from a standby', p95(provisioning.standby.oneByOne)),
        ours('one, cold', p95(provisioning.cold.oneByOne)),
        ours(
          `${provisioning.standby.atOnce.length} at once, from standbys`,
          p95(provisioning.standby.atOnce),
        ),
        ours(`${provisioning.cold.atOnce.length} at once, cold`, p95(provisioning.cold.atOnce)),
        { label: 'Moodle, a prepared one cloned', value: moodle.provisioning.cloneMs / 1_000, ours: false },
      ],
    });
  if (wake)
    groups.push({
      name: 'Asleep → log-in page, p95',
      unit: ' s',
      bars: [
        ours('one', p95(wake.oneByOne.times)),
        ours(`${wake.atOnce.times.length} at once`, p95(wake.atOnce.times)),
        ours(`${wake.cold.times.length} at once, no standby free`, p95(wake.cold.times)),
      ],
    });
  if (rollout)
    groups.push({
      name: `p99 while ${rollout.platforms} platforms are updated (failed requests)`,
      unit: ' ms',
      bars: (['before', 'during', 'after'] as const).map((phase) =>
        ours(`${phase} (${rollout[phase].failures}):`, rollout[phase].p99),
      ),
    });
  if (kills)
    groups.push({
      name: 'Killed → everything as before (failed requests)',
      unit: ' s',
      bars: kills.kills.map(({ victim, failed, rightMs }) => ours(`${victim} (${failed}):`, rightMs / 1_000)),
    });
  return picture('What the fleet stands', '', groups);
}
