/** What the operator says of its standbys. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Site } from '../site.ts';

const READY_MS = 180_000;
const LOOK_MS = 200;

export async function standbysOf({ platform }: Site) {
  const answer = await fetch(`http://127.0.0.1:${platform.ports.operator}/metrics`);
  const lines = new Map(
    (await answer.text()).split('\n').map((line) => {
      const space = line.lastIndexOf(' ');
      return [line.slice(0, space), Number(line.slice(space + 1))];
    }),
  );
  const value = (name: string) => lines.get(name) ?? Number.NaN;
  return {
    free: value('preau_standbys_free'),
    claimed: value('preau_starts_total{way="claimed"}'),
    cold: value('preau_starts_total{way="cold"}'),
    refills: value('preau_standby_refill_seconds_count'),
    refillSeconds: value('preau_standby_refill_seconds_sum'),
  };
}

export async function untilFree(site: Site, wanted: number): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while ((await standbysOf(site)).free < wanted) {
    if (Date.now() > deadline)
      throw new Error(`There were not ${wanted} free standbys within three minutes.`);
    await sleep(LOOK_MS);
  }
}
