/** Paid → live, from standbys and without them: what `npm run bench:fleet` says of provisioning. */
import { setTimeout as sleep } from 'node:timers/promises';
import { aims, moodle } from '../moodle.ts';
import { benchProvisioning, type ProvisionResult } from '../provision.ts';
import { table, verdict } from '../report.ts';
import { type Site, startSite } from '../site.ts';
import { quantile } from '../statistics.ts';

const READY_MS = 180_000;
const LOOK_MS = 200;

export interface FleetProvisioning {
  /** Every start is cold. */
  cold: ProvisionResult;
  /** As many standbys are free as there are companies that pay. */
  standby: ProvisionResult;
  /** Of those: how many starts claimed a standby, and how many did not after all. */
  starts: { claimed: number; cold: number };
  /** Until a standby is ready behind everything else that the machine does. */
  refillSeconds: number;
}

/** Measures on two platforms of its own, one after the other. @param companies so many one by one, then so many at once */
export async function benchFleetProvisioning(
  companies: number,
  say: (text: string) => void,
): Promise<FleetProvisioning> {
  const cold = await onSite({ STANDBY_MAX: '0' }, (site) =>
    benchProvisioning(site, companies, (text) => say(`cold: ${text}`)),
  );
  return onSite({ STANDBY_MAX: String(companies) }, async (site) => {
    const standby = await benchProvisioning(
      site,
      companies,
      (text) => say(`from standbys: ${text}`),
      (wanted) => untilFree(site, wanted),
    );
    const { claimed, cold: missed, refills, refillSeconds } = await standbysOf(site);
    return { cold, standby, starts: { claimed, cold: missed }, refillSeconds: refillSeconds / refills };
  });
}

async function onSite<T>(env: Record<string, string>, measure: (site: Site) => Promise<T>): Promise<T> {
  const site = await startSite(env);
  try {
    return await measure(site);
  } finally {
    await site.stop();
  }
}

/** What the operator says of its standbys. */
async function standbysOf({ platform }: Site) {
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

async function untilFree(site: Site, wanted: number): Promise<void> {
  const deadline = Date.now() + READY_MS;
  while ((await standbysOf(site)).free < wanted) {
    if (Date.now() > deadline)
      throw new Error(`There were not ${wanted} free standbys within three minutes.`);
    await sleep(LOOK_MS);
  }
}

export function fleetProvisioningText({ cold, standby, starts, refillSeconds }: FleetProvisioning): string {
  const seconds = (ms: number) => `${(ms / 1_000).toFixed(2)} s`;
  const row = (name: string, times: readonly number[]) => [
    name,
    String(times.length),
    ...[0.5, 0.95, 1].map((q) => seconds(quantile(times, q))),
  ];
  const { cloneMs, installMs } = moodle.provisioning;
  const p95 = (times: readonly number[]) => quantile(times, 0.95);
  return [
    table(
      ['paid → log-in page answers 200', 'companies', 'median', 'p95', 'longest'],
      [
        row('from a standby, one after the other', standby.oneByOne),
        row('from standbys, all at once', standby.atOnce),
        row('cold, one after the other', cold.oneByOne),
        row('cold, all at once', cold.atOnce),
        ['Moodle, a prepared one cloned', '1', seconds(cloneMs), '', ''],
        ['Moodle, installed', '1', seconds(installMs), '', ''],
      ],
    ),
    `  Aims, one by one (p95): ≤ ${seconds(aims.liveFromStandbyMs)} from a standby ${verdict(p95(standby.oneByOne) <= aims.liveFromStandbyMs)}, ≤ ${seconds(aims.liveMs)} cold ${verdict(p95(cold.oneByOne) <= aims.liveMs)}`,
    `  ${starts.claimed} starts claimed a standby, ${starts.cold} found none; one is ready after ${refillSeconds.toFixed(1)} s, behind everything else.`,
  ].join('\n');
}
