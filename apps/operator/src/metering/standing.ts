import type { Standing } from '@preau/contract/platform/metering';
import type { DesiredInstance } from '../workflows/context.ts';

/** How an instance stands for its people: asleep, it answers as soon as somebody asks; one that did not wake is down. */
export function standingOf({
  lifecycle,
  wanted,
  power,
  health,
}: Pick<DesiredInstance, 'lifecycle' | 'wanted' | 'power' | 'health'>): Standing {
  if (lifecycle !== 'live' || wanted !== 'running') return 'off';
  if (health === 'down') return 'down';
  return power === 'sleeping' ? 'asleep' : 'up';
}
