/** Sleep and wake: how long a sleeping platform's visitor waits, and what a fleet that mostly sleeps holds in memory. */
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sleepAnswer } from '@preau/contract/wake';
import { exchange } from '../exchange.ts';
import { type Memory, measureMemory } from '../memory.ts';
import { openPlatforms } from '../provision.ts';
import { type Finding, seconds, timesRow, verdict } from '../report.ts';
import { openDatabase, type Site, startSite } from '../site.ts';
import { quantile } from '../statistics.ts';
import { dismissStandbys, standbysOf, untilFree, untilFull } from './standbys.ts';

export const aims = { oneMs: 400, atOnceMs: 3_000, gibibytes: 6 };
const ASK_AGAIN_MS = 50;
const WAKE_TIMEOUT_MS = 120_000;
/** For what was started or ended to come to rest before its memory is taken. */
const REST_MS = 5_000;
const IDLE_CPU_MS = 10_000;
const PAGE = '/sign-in';

export interface WakeResult {
  /** One platform after the other, each when a standby is free. */
  oneByOne: Wakes;
  /** All at once, when as many standbys are free as memory allows. */
  atOnce: Wakes;
  /** All at once, when none is: every start is cold. */
  cold: Wakes;
  memory: FleetMemory;
}

export interface Wakes {
  /** Milliseconds from the request to the page. */
  times: number[];
  /** How many were shown the waiting page before. */
  waited: number;
  /** How many claimed a standby, and how many found none. */
  claimed: number;
  cold: number;
  /** CPU milliseconds of one wake, by process. */
  cpuBy: Record<string, number>;
}

export interface FleetMemory {
  tenants: number;
  awake: number;
  /** Tenants that are more than rows and a route: they were provisioned, used and put to sleep. */
  real: number;
  processes: Memory['processes'];
  mebibytes: number;
  /** CPU milliseconds that all processes use in a second while nobody asks anything. */
  idleCpu: number;
}

/**
 * Provisions `sleepers` platforms on a site of its own, puts them to sleep and wakes them. Then plants sleepers as rows
 * until there are `tenants`, wakes a twentieth of all and takes the memory.
 */
export async function benchWake(
  { sleepers, rounds, tenants }: { sleepers: number; rounds: number; tenants: number },
  say: (text: string) => void,
): Promise<WakeResult> {
  const site = await startSite({ SLEEP_AFTER_MINUTES: '0', SLEEP_AT_MEMORY: '1' });
  try {
    const slugs = await openPlatforms(site, sleepers, say);
    await layDown(site, slugs);
    const one: Wakes[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const slug = slugs[round % slugs.length] ?? '';
      // Who comes alone comes to a machine at rest.
      await untilFree(site, 1);
      one.push(await wakeAll(site, [slug]));
      await layDown(site, [slug]);
      say(`${round + 1} of ${rounds} woken, one after the other`);
    }
    say('standbys are made');
    await untilFull(site);
    say(`${slugs.length} are woken at once`);
    const atOnce = await wakeAll(site, slugs);
    await layDown(site, slugs);
    await dismissStandbys(site);
    say(`${slugs.length} are woken at once, without standbys`);
    const cold = await wakeAll(site, slugs);
    await layDown(site, slugs);
    say(`${tenants} tenants, a twentieth of them awake`);
    return { oneByOne: together(one), atOnce, cold, memory: await measureFleet(site, slugs, tenants) };
  } finally {
    await site.stop();
  }
}

async function wakeAll(site: Site, slugs: readonly string[]): Promise<Wakes> {
  const [before, usage] = [await standbysOf(site), site.usage()];
  const woken = await Promise.all(slugs.map((slug) => wake(site, slug)));
  const [after, used] = [await standbysOf(site), site.usage()];
  return {
    times: woken.map(({ ms }) => ms),
    waited: woken.filter(({ asked }) => asked > 1).length,
    claimed: after.claimed - before.claimed,
    cold: after.cold - before.cold,
    cpuBy: Object.fromEntries(
      Object.entries(used.byName).map(([name, ms]) => [
        name,
        (ms - (usage.byName[name] ?? 0)) / slugs.length,
      ]),
    ),
  };
}

function together(all: readonly Wakes[]): Wakes {
  const sum = (of: (one: Wakes) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    times: all.flatMap(({ times }) => times),
    waited: sum(({ waited }) => waited),
    claimed: sum(({ claimed }) => claimed),
    cold: sum(({ cold }) => cold),
    cpuBy: Object.fromEntries(
      Object.keys(all[0]?.cpuBy ?? {}).map((name) => [
        name,
        sum(({ cpuBy }) => cpuBy[name] ?? 0) / all.length,
      ]),
    ),
  };
}

const hostOf = ({ port }: Site, slug: string) => `${slug}.localhost:${port}`;

async function wake(site: Site, slug: string): Promise<{ ms: number; asked: number }> {
  const begun = performance.now();
  for (let asked = 1; ; asked += 1) {
    const { status } = await exchange({ port: site.port, host: hostOf(site, slug), path: PAGE });
    const ms = performance.now() - begun;
    if (status === 200) return { ms, asked };
    if (ms > WAKE_TIMEOUT_MS) throw new Error(`${slug} answers ${status} after two minutes.`);
    await sleep(ASK_AGAIN_MS);
  }
}

async function layDown(site: Site, slugs: readonly string[]): Promise<void> {
  for (const slug of slugs) {
    const answer = await control(site, `/sleeps/${slug}.localhost`);
    if (answer.state !== 'asleep') throw new Error(`${slug} stays awake: ${answer.reason}.`);
  }
}

/** The operator's control socket, as who administers the machine speaks to it. */
function control({ dataDir }: Site, path: string) {
  return new Promise<ReturnType<typeof sleepAnswer.parse>>((resolve, reject) => {
    request({ socketPath: join(dataDir, 'operator.sock'), method: 'POST', path }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      try {
        resolve(sleepAnswer.parse(JSON.parse(text)));
      } catch {
        reject(new Error(`${path} answered ${answer.statusCode}: ${text}`));
      }
    })
      .on('error', reject)
      .end();
  });
}

async function measureFleet(site: Site, slugs: readonly string[], tenants: number): Promise<FleetMemory> {
  const [pattern = ''] = slugs;
  // The demonstration is one more, and always awake.
  await plantSleepers(site, pattern, tenants - slugs.length - 1);
  const awake = slugs.slice(0, Math.round(tenants / 20) - 1);
  for (const slug of awake) {
    await wake(site, slug);
    await exchange({ port: site.port, host: hostOf(site, slug), path: '/' });
  }
  // What was claimed is being made ready again: that is not rest.
  await untilFull(site);
  await sleep(REST_MS);
  const { processes, total } = measureMemory(site);
  const before = site.usage();
  await sleep(IDLE_CPU_MS);
  const idleCpu = (site.usage().measured - before.measured) / (IDLE_CPU_MS / 1_000);
  return { tenants, awake: awake.length + 1, real: slugs.length + 1, processes, mebibytes: total, idleCpu };
}

/** Rows as those of a platform that sleeps: the operator puts a route for each, as for the others. */
async function plantSleepers(site: Site, pattern: string, count: number): Promise<void> {
  const client = await openDatabase(site);
  try {
    await client.query(
      `WITH one AS MATERIALIZED (SELECT * FROM instances WHERE slug = $1 AND lifecycle = 'live'),
         plan AS MATERIALIZED (SELECT n, gen_random_uuid() AS instance, gen_random_uuid() AS tenant,
           gen_random_uuid() AS ordered, gen_random_uuid() AS key FROM generate_series(1, $2::int) n),
         new_orders AS (INSERT INTO orders SELECT (jsonb_populate_record(NULL::orders, to_jsonb(o)
           || jsonb_build_object('id', ordered, 'slug', 'sleeper-' || n, 'idempotency_key', key, 'checkout_ref', NULL))).*
           FROM plan, one JOIN orders o ON o.id = one.order_id RETURNING 1),
         new_tenants AS (INSERT INTO tenants SELECT (jsonb_populate_record(NULL::tenants, to_jsonb(t)
           || jsonb_build_object('id', tenant, 'slug', 'sleeper-' || n))).*
           FROM plan, one JOIN tenants t ON t.id = one.tenant_id RETURNING 1)
       INSERT INTO instances SELECT (jsonb_populate_record(NULL::instances, to_jsonb(one)
         || jsonb_build_object('id', instance, 'tenant_id', tenant, 'order_id', ordered, 'slug', 'sleeper-' || n,
           'power', 'sleeping'))).*
       FROM plan, one`,
      [pattern, count],
    );
  } finally {
    await client.end();
  }
}

export function wakeFindings({ oneByOne, atOnce, cold, memory }: WakeResult): Finding[] {
  const p95 = ({ times }: Wakes) => quantile(times, 0.95);
  const gibibytes = memory.mebibytes / 1_024;
  const row = (name: string, wakes: Wakes) => [
    ...timesRow(name, wakes.times),
    String(wakes.claimed),
    String(wakes.cold),
    String(wakes.waited),
    Object.values(wakes.cpuBy)
      .reduce((sum, ms) => sum + ms, 0)
      .toFixed(0),
  ];
  return [
    {
      headings: [
        'asleep → log-in page answers 200',
        'platforms',
        'median',
        'p95',
        'longest',
        'standbys claimed',
        'cold',
        'saw the waiting page',
        'CPU-ms each',
      ],
      rows: [
        row('one after the other', oneByOne),
        row('all at once', atOnce),
        row('all at once, no standby free', cold),
      ],
    },
    `Aims (p95): ≤ ${seconds(aims.oneMs)} one by one ${verdict(p95(oneByOne) <= aims.oneMs)}, ≤ ${seconds(aims.atOnceMs)} at once ${verdict(p95(atOnce) <= aims.atOnceMs)}. None was lost.`,
    {
      headings: [`${memory.tenants} tenants, ${memory.awake} awake`, 'MiB'],
      rows: memory.processes.map(({ name, mebibytes }) => [name, mebibytes.toFixed(0)]),
    },
    `${gibibytes.toFixed(2)} GiB in all, aim ≤ ${aims.gibibytes} GiB ${verdict(gibibytes <= aims.gibibytes)}; ${memory.real} of the tenants were provisioned, the other sleepers are rows and routes. At rest: ${memory.idleCpu.toFixed(0)} CPU-ms a second.`,
  ];
}
