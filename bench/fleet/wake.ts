/** Sleep and wake: how long a sleeping platform's visitor waits, and what a fleet that mostly sleeps holds in memory. */
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { sleepAnswer } from '@preau/contract/wake';
import { exchange } from '../exchange.ts';
import { type Memory, measureMemory } from '../memory.ts';
import { benchProvisioning } from '../provision.ts';
import { type Finding, seconds, timesRow, verdict } from '../report.ts';
import { openDatabase, type Site, startSite } from '../site.ts';
import { quantile } from '../statistics.ts';
import { standbysOf, untilFree } from './standbys.ts';

export const aims = { oneMs: 400, atOnceMs: 3_000, gibibytes: 6 };
const ROUNDS = 20;
const ASK_AGAIN_MS = 50;
const WAKE_TIMEOUT_MS = 120_000;
/** For what was started or ended to come to rest before its memory is taken. */
const REST_MS = 5_000;
const IDLE_CPU_MS = 10_000;
const PAGE = '/sign-in';

export interface WakeResult {
  /** Milliseconds from the request to the page, one platform after the other. */
  oneByOne: number[];
  /** The same, of all at once. */
  atOnce: number[];
  /** Of those: how many were shown the waiting page before. */
  waited: number;
  /** How many of each found a standby to claim. */
  starts: Record<'oneByOne' | 'atOnce', { claimed: number; cold: number }>;
  memory: FleetMemory;
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
 * Provisions `pairs` × 2 platforms on a site of its own, puts them to sleep and wakes them. Then plants sleepers as
 * rows until there are `tenants`, wakes a twentieth of all and takes the memory.
 */
export async function benchWake(
  { pairs, tenants, env = {} }: { pairs: number; tenants: number; env?: Record<string, string> },
  say: (text: string) => void,
): Promise<WakeResult> {
  const site = await startSite({ SLEEP_AFTER_MINUTES: '0', SLEEP_AT_MEMORY: '1', ...env });
  try {
    await benchProvisioning(site, pairs, say);
    const slugs = ['bench', 'burst'].flatMap((kind) =>
      Array.from({ length: pairs }, (_, n) => `${kind}-${n}`),
    );
    await layDown(site, slugs);
    const oneByOne: number[] = [];
    const [, ofOneByOne] = await countStarts(site, async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const slug = slugs[round % slugs.length] ?? '';
        // Who comes alone comes to a machine at rest.
        await untilFree(site, 1);
        oneByOne.push((await wake(site, slug)).ms);
        await layDown(site, [slug]);
        say(`${round + 1} of ${ROUNDS} woken, one after the other`);
      }
    });
    await sleep(REST_MS);
    say(`${slugs.length} are woken at once`);
    const [woken, ofAtOnce] = await countStarts(site, () =>
      Promise.all(slugs.map((slug) => wake(site, slug))),
    );
    await layDown(site, slugs);
    say(`${tenants} tenants, a twentieth of them awake`);
    const memory = await measureFleet(site, slugs, tenants);
    return {
      oneByOne,
      atOnce: woken.map(({ ms }) => ms),
      waited: woken.filter(({ asked }) => asked > 1).length,
      starts: { oneByOne: ofOneByOne, atOnce: ofAtOnce },
      memory,
    };
  } finally {
    await site.stop();
  }
}

/** How many platforms were started meanwhile, and how. */
async function countStarts<T>(site: Site, work: () => Promise<T>) {
  const before = await standbysOf(site);
  const result = await work();
  const after = await standbysOf(site);
  return [result, { claimed: after.claimed - before.claimed, cold: after.cold - before.cold }] as const;
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

export function wakeFindings({ oneByOne, atOnce, waited, starts, memory }: WakeResult): Finding[] {
  const p95 = (times: readonly number[]) => quantile(times, 0.95);
  const gibibytes = memory.mebibytes / 1_024;
  const { claimed, cold } = starts.oneByOne;
  return [
    {
      headings: ['asleep → log-in page answers 200', 'platforms', 'median', 'p95', 'longest'],
      rows: [timesRow('one after the other', oneByOne), timesRow('all at once', atOnce)],
    },
    `Aims (p95): ≤ ${seconds(aims.oneMs)} one by one ${verdict(p95(oneByOne) <= aims.oneMs)}, ≤ ${seconds(aims.atOnceMs)} at once ${verdict(p95(atOnce) <= aims.atOnceMs)}`,
    `One by one ${claimed} claimed a standby and ${cold} found none; at once ${starts.atOnce.claimed} and ${starts.atOnce.cold}. ${waited} of ${atOnce.length} were shown the waiting page; none was lost.`,
    {
      headings: [`${memory.tenants} tenants, ${memory.awake} awake`, 'MiB'],
      rows: memory.processes.map(({ name, mebibytes }) => [name, mebibytes.toFixed(0)]),
    },
    `${gibibytes.toFixed(2)} GiB in all, aim ≤ ${aims.gibibytes} GiB ${verdict(gibibytes <= aims.gibibytes)}; ${memory.real} of the tenants were provisioned, the other sleepers are rows and routes. At rest: ${memory.idleCpu.toFixed(0)} CPU-ms a second.`,
  ];
}
