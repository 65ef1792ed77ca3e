/**
 * Updates while platforms are in use: a release that works, brought to all of them, and releases that do not, which
 * must stop by themselves. The second artefact is a copy of the build under another name: what is measured is the swap
 * of every process, not what two versions differ in.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import { BUILT, publishRelease, registerRelease } from '../../tools/release.ts';
import { isFailure, type OpenLoopResult, type RunningLoad, startOpenLoop, summaryOf } from '../openLoop.ts';
import { foreignShare } from '../processes.ts';
import { openPlatforms } from '../provision.ts';
import { type Finding, percent, seconds, verdict } from '../report.ts';
import { openDatabase, type Site, startSite } from '../site.ts';
import { inTurn, openSchools } from './schools.ts';

/** Requests a second that each platform gets: a course, a lesson and an answer every two seconds. */
const PER_PLATFORM = 1.5;
const CONNECTIONS = 256;
/** Processes compile what they need before anything counts. */
const WARM_UP_MS = 10_000;
const WATCH_MS = 20_000;
const LOOK_MS = 200;
/** What was sent before a swap may end after it. */
const SETTLE_MS = 2_000;
const TIMEOUT_MS = 20 * 60_000;

const ENTRY = 'apps/lms/start.mjs';
const faults = [
  {
    name: 'course pages answer 500',
    id: 'bench-faulty',
    code: `import { Server } from 'node:http';
const { emit } = Server.prototype;
Server.prototype.emit = function (name, asked, answer) {
  if (name !== 'request' || !asked.url.startsWith('/courses/')) return emit.apply(this, arguments);
  answer.writeHead(500).end();
  return true;
};
`,
  },
  {
    name: 'does not start',
    id: 'bench-broken',
    code: `throw new Error('This release does not start.');\n`,
  },
];

export interface RolloutResult {
  platforms: number;
  perSecond: number;
  before: OpenLoopResult;
  during: OpenLoopResult;
  after: OpenLoopResult;
  /** From the release's publication to the last platform's update. */
  ms: number;
  /** The share of the machine that other programs took meanwhile. */
  foreign: number;
  faulty: FaultyResult[];
}

export interface FaultyResult {
  name: string;
  /** Until no other platform took it any more. */
  haltMs: number;
  /** Until every platform ran the release before. */
  backMs: number;
  reason: string | null;
  /** Platforms that tried it. */
  canaries: number;
  requests: number;
  failedOnCanaries: number;
  failedElsewhere: number;
  p99: number;
}

/** @param platforms how many are in use; the demonstration is one more, which is updated as well */
export async function benchRollout(platforms: number, say: (text: string) => void): Promise<RolloutResult> {
  const site = await startSite({ SLEEP_AFTER_MINUTES: '0', SLEEP_AT_MEMORY: '1' });
  const database = await openDatabase(site);
  try {
    const slugs = await openPlatforms(site, platforms, say);
    const schools = await openSchools(site, slugs, say);
    const perSecond = schools.length * PER_PLATFORM;
    const load = startOpenLoop(inTurn(site, schools), { perSecond, connections: CONNECTIONS });
    try {
      say('the platforms warm up');
      await sleep(WARM_UP_MS);
      say('before the update');
      const [before] = await during(load, () => sleep(WATCH_MS));
      const usage = site.usage();
      const [updating, ms] = await during(load, () => bringToAll(site, database, say));
      const foreign = foreignShare(usage, site.usage());
      say('after the update');
      const [after] = await during(load, () => sleep(WATCH_MS));
      const faulty: FaultyResult[] = [];
      for (const fault of faults) {
        say(`a release whose ${fault.name}`);
        faulty.push(await withstand(site, database, load, fault));
      }
      return {
        platforms: schools.length,
        perSecond,
        before: summaryOf(before),
        during: summaryOf(updating),
        after: summaryOf(after),
        ms,
        foreign,
        faulty,
      };
    } finally {
      await load.stop();
    }
  } finally {
    await database.end();
    await site.stop();
  }
}

/** What was sent while something went on, and how long that took. */
async function during(load: RunningLoad, work: () => Promise<void>) {
  const from = performance.now();
  await work();
  const until = performance.now();
  await sleep(SETTLE_MS);
  return [load.samples.filter(({ due }) => due >= from && due < until), until - from] as const;
}

/** Publishes a copy of the build. @param code put before its entry's own */
async function publishCopy({ dataDir, operator }: Site, id: string, code: string): Promise<void> {
  const artefact = join(dataDir, 'artefacts', id);
  cpSync(BUILT, artefact, { recursive: true, verbatimSymlinks: true });
  const entry = join(artefact, ENTRY);
  writeFileSync(entry, `// ${id}\n${code}${readFileSync(entry, 'utf8')}`);
  const release = await publishRelease(dataDir, { id, artefact });
  rmSync(artefact, { recursive: true });
  await registerRelease(operator, release, true);
}

async function bringToAll(site: Site, database: Client, say: (text: string) => void): Promise<void> {
  const id = 'bench-next';
  await publishCopy(site, id, '');
  const end = await follow(database, id, ({ updated, all }) => say(`${updated} of ${all} are updated`));
  if (end.state !== 'finished' || end.updated < end.all)
    throw new Error(
      `The roll-out is ${end.state} with ${end.updated} of ${end.all} updated: ${end.reason ?? end.failure ?? ''}`,
    );
}

async function withstand(
  site: Site,
  database: Client,
  load: RunningLoad,
  { name, id, code }: (typeof faults)[number],
): Promise<FaultyResult> {
  let haltMs = Number.NaN;
  let backMs = Number.NaN;
  let reason: string | null = null;
  const [samples] = await during(load, async () => {
    await publishCopy(site, id, code);
    const begun = performance.now();
    const end = await follow(database, id);
    haltMs = performance.now() - begun;
    if (end.state !== 'halted') throw new Error(`A release whose ${name} was brought to everybody.`);
    reason = end.failure;
    while (!(await nobodyRuns(database, id))) await sleep(LOOK_MS);
    backMs = performance.now() - begun;
  });
  const tried = await database.query<{ slug: string }>(
    `SELECT i.slug FROM rollout_instances k JOIN rollouts r ON r.id = k.rollout_id JOIN releases l ON l.id = r.release_id
     JOIN instances i ON i.id = k.instance_id WHERE l.name = $1 AND k.operation_id IS NOT NULL`,
    [id],
  );
  const canaries = new Set(tried.rows.map(({ slug }) => `${slug}.localhost:${site.port}`));
  const failed = samples.filter(isFailure);
  const failedOnCanaries = failed.filter(({ host }) => canaries.has(host)).length;
  const { requests, p99 } = summaryOf(samples);
  return {
    name,
    haltMs,
    backMs,
    reason,
    canaries: canaries.size,
    requests,
    failedOnCanaries,
    failedElsewhere: failed.length - failedOnCanaries,
    p99,
  };
}

interface Standing {
  state: string;
  reason: string | null;
  /** Why the last platform refused it. */
  failure: string | null;
  updated: number;
  all: number;
}

/** Looks at a roll-out until it goes on no longer. */
async function follow(
  database: Client,
  release: string,
  seen: (standing: Standing) => void = () => {},
): Promise<Standing> {
  const deadline = performance.now() + TIMEOUT_MS;
  for (;;) {
    const { rows } = await database.query<Standing>(
      `SELECT r.state, r.halt_reason AS reason,
         (SELECT reason FROM rollout_instances f WHERE f.rollout_id = r.id AND f.standing = 'rolled-back'
          ORDER BY f.finished_at DESC LIMIT 1) AS failure,
         (SELECT count(*)::int FROM rollout_instances k WHERE k.rollout_id = r.id AND k.standing = 'updated') AS updated,
         (SELECT count(*)::int FROM rollout_instances k WHERE k.rollout_id = r.id) AS all
       FROM rollouts r JOIN releases l ON l.id = r.release_id WHERE l.name = $1 ORDER BY r.created_at DESC LIMIT 1`,
      [release],
    );
    const [standing] = rows;
    if (standing) seen(standing);
    if (standing && standing.state !== 'running') return standing;
    if (performance.now() > deadline) throw new Error(`The roll-out of ${release} does not end.`);
    await sleep(LOOK_MS);
  }
}

async function nobodyRuns(database: Client, release: string): Promise<boolean> {
  const { rows } = await database.query<{ left: number }>(
    `SELECT count(*)::int AS left FROM instances i WHERE i.release = $1
       OR EXISTS (SELECT 1 FROM operations o WHERE o.instance_id = i.id AND o.state IN ('pending', 'running'))`,
    [release],
  );
  return rows[0]?.left === 0;
}

export function rolloutFindings(result: RolloutResult): Finding[] {
  const { platforms, perSecond, before, during: meanwhile, after, ms, foreign, faulty } = result;
  const row = (name: string, { requests, failures, p50, p99 }: OpenLoopResult) => [
    name,
    String(requests),
    String(failures),
    `${p50.toFixed(0)} ms`,
    `${p99.toFixed(0)} ms`,
  ];
  const failed = before.failures + meanwhile.failures + after.failures;
  const elsewhere = faulty.reduce((sum, { failedElsewhere }) => sum + failedElsewhere, 0);
  return [
    {
      headings: [
        `${platforms} platforms in use, ${perSecond} requests/s`,
        'requests',
        'failed',
        'median',
        'p99',
      ],
      rows: [row('before', before), row('while all are updated', meanwhile), row('after', after)],
    },
    `The update of ${platforms} took ${seconds(ms)}; other programs took ${percent(foreign)}. Aim: no failed request ${verdict(failed === 0)}`,
    {
      headings: [
        'a release that …',
        'halted after',
        'all back after',
        'tried by',
        'failed there',
        'elsewhere',
        'p99',
      ],
      rows: faulty.map((one) => [
        one.name,
        seconds(one.haltMs),
        seconds(one.backMs),
        String(one.canaries),
        String(one.failedOnCanaries),
        `${one.failedElsewhere} of ${one.requests}`,
        `${one.p99.toFixed(0)} ms`,
      ]),
    },
    `Aim: no failed request outside its canaries ${verdict(elsewhere === 0)}`,
  ];
}
