/**
 * Processes that die without a word (SIGKILL) while platforms are in use: what their visitors notice, and how long it
 * is until everything is as before.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres } from '../../tools/postgres.ts';
import { exchange, type Target } from '../exchange.ts';
import { isFailure, type RunningLoad, startOpenLoop, summaryOf } from '../openLoop.ts';
import { targetOf } from '../pages.ts';
import { ownDatabases, processesOf, processTitled } from '../processes.ts';
import { openPlatforms } from '../provision.ts';
import { type Finding, seconds } from '../report.ts';
import { type Site, startSite } from '../site.ts';
import { inTurn, openSchools, type School } from './schools.ts';

const PER_SECOND = 40;
const CONNECTIONS = 256;
/** Of so many requests one is for the hub and one for the API, the others for platforms. */
const OTHERS_EVERY = 10;
const WARM_UP_MS = 10_000;
/** Between two kills: everything has come to rest, and what was sent has been answered. */
const REST_MS = 5_000;
const LOOK_MS = 100;
const LOOK_TIMEOUT_MS = 2_000;
const RECOVERY_MS = 120_000;
/** PostgreSQL is started again by what supervises it on a server, and here by us, as late as the others are. */
const SUPERVISOR_MS = 1_000;

const services = ['operator', 'backend', 'gateway', 'hub'] as const;
type Victim = (typeof services)[number] | 'primary' | 'instance' | 'postgres';

export interface Kill {
  victim: Victim;
  requests: number;
  failed: number;
  /** Platforms whose visitors met a failure; the hub and the API count as one each. */
  touched: number;
  /** From the kill to the last request that failed, by when it was due; null where none did. */
  lastFailureMs: number | null;
  /** From the kill until every platform, the hub, the API and the operator answered and the process was there again. */
  rightMs: number;
  p99: number;
}

export interface KillsResult {
  platforms: number;
  perSecond: number;
  kills: Kill[];
}

/** @param platforms how many are in use meanwhile */
export async function benchKills(platforms: number, say: (text: string) => void): Promise<KillsResult> {
  const site = await startSite({ SLEEP_AFTER_MINUTES: '0', SLEEP_AT_MEMORY: '1' });
  try {
    const slugs = await openPlatforms(site, platforms, say);
    const schools = await openSchools(site, slugs, say);
    const load = startOpenLoop(mixed(site, schools), { perSecond: PER_SECOND, connections: CONNECTIONS });
    try {
      say('the platforms warm up');
      await sleep(WARM_UP_MS);
      const kills: Kill[] = [];
      for (const victim of [...services, 'primary', 'instance', 'postgres'] as const) {
        say(`${victim} is killed`);
        kills.push(await survive(site, schools, load, victim));
      }
      return { platforms: schools.length, perSecond: PER_SECOND, kills };
    } finally {
      await load.stop();
    }
  } finally {
    await site.stop();
  }
}

function mixed(site: Site, schools: readonly School[]): (n: number) => Target {
  const learners = inTurn(site, schools);
  return (n) => {
    const [other] = othersOf(site).slice(n % OTHERS_EVERY);
    return other ?? learners(n);
  };
}

const othersOf = ({ port }: Site): Target[] => [
  { port, host: `localhost:${port}`, path: '/', timeoutMs: 30_000 },
  { port, host: `api.localhost:${port}`, path: '/v1/plans', timeoutMs: 30_000 },
];

async function survive(
  site: Site,
  schools: readonly School[],
  load: RunningLoad,
  victim: Victim,
): Promise<Kill> {
  await untilRight(site, schools);
  await sleep(REST_MS);
  const from = performance.now();
  const chosen = schools[Math.floor(Math.random() * schools.length)];
  if (!chosen) throw new Error('There are no platforms.');
  const isBack = await kill(site, chosen, victim);
  while (!isBack()) await sleep(LOOK_MS);
  await untilRight(site, schools);
  const rightMs = performance.now() - from;
  await sleep(REST_MS);
  const samples = load.samples.filter(({ due }) => due >= from);
  const failed = samples.filter(isFailure);
  const { requests, p99 } = summaryOf(samples);
  return {
    victim,
    requests,
    failed: failed.length,
    touched: new Set(failed.map(({ host }) => host)).size,
    lastFailureMs: failed.length > 0 ? Math.max(...failed.map(({ due }) => due)) - from : null,
    rightMs,
    p99,
  };
}

/** @returns whether there is another process in its place */
async function kill(site: Site, chosen: School, victim: Victim): Promise<() => boolean> {
  const { services: running } = site.platform;
  if (victim === 'postgres') return killPostgres(site);
  const find = () => {
    if (victim === 'instance') return processTitled(`preau ${chosen.instanceId}`);
    const pid = running.pid(victim === 'primary' ? 'backend' : victim);
    // What serves is a child of the process that owns the port.
    const behind = victim === 'backend' || victim === 'hub';
    return behind && pid !== undefined ? processesOf([pid]).find((each) => each !== pid) : pid;
  };
  const pid = find();
  if (pid === undefined) throw new Error(`There is no process of ${victim}.`);
  process.kill(pid, 'SIGKILL');
  return () => {
    const now = find();
    return now !== undefined && now !== pid;
  };
}

/** Every process of it at once, as a machine short of memory or a power cut does. */
async function killPostgres({ dataDir, platform }: Site): Promise<() => boolean> {
  const { port } = new URL(platform.superuserUrl);
  for (const pid of processesOf(ownDatabases())) process.kill(pid, 'SIGKILL');
  await sleep(SUPERVISOR_MS);
  await startPostgres({ dataDir, port: Number(port) });
  return () => true;
}

/** Asks everybody, over and over, until all answer in one round. */
async function untilRight(site: Site, schools: readonly School[]): Promise<void> {
  const targets = [
    ...schools.map(({ host, learner }) => courseOf(site.port, host, learner)),
    ...othersOf(site),
    { port: site.platform.ports.operator, host: 'operator', path: '/healthz' },
  ].map((target) => ({ ...target, timeoutMs: LOOK_TIMEOUT_MS }));
  const deadline = performance.now() + RECOVERY_MS;
  for (;;) {
    const statuses = await Promise.all(
      targets.map((target) =>
        exchange(target).then(
          ({ status }) => status,
          () => 0,
        ),
      ),
    );
    const ill = statuses.findIndex((status) => status !== 200);
    if (ill < 0) return;
    if (performance.now() > deadline)
      throw new Error(`${targets[ill]?.host} still answers ${statuses[ill]} two minutes after a kill.`);
    await sleep(LOOK_MS);
  }
}

function courseOf(port: number, host: string, learner: School['learner']): Target {
  return targetOf(port, host, learner, { path: `/courses/${learner.courseSlug}` });
}

export function killsFindings({ platforms, perSecond, kills }: KillsResult): Finding[] {
  return [
    {
      headings: [
        `killed (SIGKILL), ${platforms} platforms, ${perSecond} requests/s`,
        'requests',
        'failed',
        'of how many hosts',
        'last failure after',
        'all right after',
        'p99',
      ],
      rows: kills.map(({ victim, requests, failed, touched, lastFailureMs, rightMs, p99 }) => [
        victim,
        String(requests),
        String(failed),
        String(touched),
        lastFailureMs === null ? '' : seconds(lastFailureMs),
        seconds(rightMs),
        seconds(p99),
      ]),
    },
    `${kills.length} of ${kills.length} kills survived: everything answered as before, by itself. A process that had served for a while is started again at once. The primary is the backend's, which takes that with it.`,
  ];
}
