/** What the operator says of its standbys. */
import { setTimeout as sleep } from 'node:timers/promises';
import { standbyPids } from '../memory.ts';
import type { Site } from '../site.ts';

const READY_MS = 600_000;
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
    wanted: value('preau_standbys_wanted'),
    claimed: value('preau_starts_total{way="claimed"}'),
    cold: value('preau_starts_total{way="cold"}'),
    refills: value('preau_standby_refill_seconds_count'),
    refillSeconds: value('preau_standby_refill_seconds_sum'),
  };
}

/** Waits for so many free ones. */
export async function untilFree(site: Site, count: number): Promise<void> {
  await until(site, ({ free }) => free >= count);
}

/** Waits for as many as recent starts ask for and memory allows. */
export async function untilFull(site: Site): Promise<void> {
  await until(site, ({ free, wanted }) => free >= wanted);
}

async function until(site: Site, enough: (now: Awaited<ReturnType<typeof standbysOf>>) => boolean) {
  const begun = Date.now();
  for (;;) {
    const now = await standbysOf(site);
    if (enough(now)) return;
    if (Date.now() > begun + READY_MS)
      throw new Error(`Only ${now.free} of ${now.wanted} standbys are free after ten minutes.`);
    await sleep(LOOK_MS);
  }
}

/** Ends those that are free: starts that come now are cold. */
export async function dismissStandbys(site: Site): Promise<void> {
  const operator = site.platform.services.pid('operator');
  const standbys = operator === undefined ? [] : standbyPids(operator);
  for (const pid of standbys) process.kill(pid, 'SIGKILL');
  await until(site, ({ free }) => free === 0);
}
