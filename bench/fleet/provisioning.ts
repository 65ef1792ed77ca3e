/** Paid → live, from standbys and without them: what `npm run bench:fleet` says of provisioning. */
import { aims, moodle } from '../moodle.ts';
import { benchProvisioning, type ProvisionResult } from '../provision.ts';
import { type Finding, seconds, timesRow, verdict } from '../report.ts';
import { type Site, startSite } from '../site.ts';
import { quantile } from '../statistics.ts';
import { standbysOf, untilFree } from './standbys.ts';

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

export function provisioningFindings({ cold, standby, starts, refillSeconds }: FleetProvisioning): Finding[] {
  const { cloneMs, installMs } = moodle.provisioning;
  const p95 = (times: readonly number[]) => quantile(times, 0.95);
  return [
    {
      headings: ['paid → log-in page answers 200', 'companies', 'median', 'p95', 'longest'],
      rows: [
        timesRow('from a standby, one after the other', standby.oneByOne),
        timesRow('from standbys, all at once', standby.atOnce),
        timesRow('cold, one after the other', cold.oneByOne),
        timesRow('cold, all at once', cold.atOnce),
        ['Moodle, a prepared one cloned', '1', seconds(cloneMs), '', ''],
        ['Moodle, installed', '1', seconds(installMs), '', ''],
      ],
    },
    `Aims, one by one (p95): ≤ ${seconds(aims.liveFromStandbyMs)} from a standby ${verdict(p95(standby.oneByOne) <= aims.liveFromStandbyMs)}, ≤ ${seconds(aims.liveMs)} cold ${verdict(p95(cold.oneByOne) <= aims.liveMs)}`,
    `${starts.claimed} starts claimed a standby, ${starts.cold} found none; one is ready after ${refillSeconds.toFixed(1)} s, behind everything else.`,
  ];
}
