/** `npm run bench:api`: the hot paths behind the walls, against a bare handler, with few and with many tenants. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSigner } from '@preau/identity';
import { startPostgres } from '../../tools/postgres.ts';
import { step } from '../../tools/terminal.ts';
import { read, type Target } from '../exchange.ts';
import { load } from '../load.ts';
import { type OpenLoopResult, openLoop } from '../openLoop.ts';
import { ownDatabases, pssMiB, usageOf } from '../processes.ts';
import { median } from '../statistics.ts';
import type { BareSettings } from './bare.ts';
import { genericPath, type HotPath, hotPaths } from './paths.ts';
import { type Learner, sizeOf } from './plant.ts';
import { type ScaleReport, scalePicture, scaleText } from './report.ts';
import { type Service, startService } from './service.ts';
import { type Access, explain, statementsOf } from './statements.ts';

/** Few, as usual, and many: the courses, lessons and progress rows are the same in all. */
export const TENANTS = [10, 200, 10_000] as const;
const USUAL = 200;
const CLIENTS = 16;
const SECONDS = 3;
const ROUNDS = 3;
const OPEN_SECONDS = 6;
const paths = [...hotPaths, genericPath];

export interface PathResult {
  name: string;
  /** Requests a second in a closed loop: what it can do. */
  perSecond: number;
  cpuMs: number;
  /** The share of the machine's CPUs that other programs took meanwhile. */
  foreign: number;
  /** At half of that, by an open loop. */
  open: OpenLoopResult;
  /** Only at the usual size. */
  bare?: { perSecond: number; cpuMs: number };
  queries: number;
  accesses: Access[];
}

function targetOf(hot: HotPath, port: number, learner: Learner, token: string, n: number): Target {
  const body = hot.body && JSON.stringify(hot.body(n));
  return {
    port,
    host: '127.0.0.1',
    path: hot.path(learner),
    method: hot.method,
    headers: {
      authorization: `Bearer ${token}`,
      'preau-session': hot === genericPath ? learner.administratorSession : learner.session,
      ...(body ? { 'content-type': 'application/json' } : {}),
    },
    ...(body ? { body } : {}),
  };
}

/** Runs the sizes (by default all) and writes bench/scale/last.json and last.svg. */
export async function runScale(wanted: readonly string[] = []): Promise<void> {
  const sizes = wanted.length === 0 ? TENANTS : TENANTS.filter((tenants) => wanted.includes(String(tenants)));
  const folder = mkdtempSync(join(tmpdir(), 'preau-scale-'));
  chmodSync(folder, 0o755);
  const postgres = await startPostgres({ dataDir: folder });
  const report: ScaleReport = { at: new Date().toISOString(), node: process.version, sizes: [] };
  try {
    for (const tenants of sizes) {
      const service = await step(`${tenants} tenants`, (say) =>
        startService({ folder, superuserUrl: postgres.url, size: sizeOf(tenants) }, say),
      );
      try {
        const results = await step(`${tenants} tenants under load`, (say) =>
          measure(
            service,
            tenants,
            { postgresUrl: postgres.url, log: join(folder, 'postgres/postgres.log') },
            say,
          ),
        );
        report.sizes.push({ tenants, results, memoryMiB: pssMiB([service.pid]) });
      } finally {
        await service.stop();
      }
    }
  } finally {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  writeFileSync(join(import.meta.dirname, 'last.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(import.meta.dirname, 'last.svg'), scalePicture(report));
  console.log(`\n${scaleText(report)}\n`);
}

async function measure(
  service: Service,
  tenants: number,
  { postgresUrl, log }: { postgresUrl: string; log: string },
  say: (what: string) => void,
): Promise<PathResult[]> {
  const { learners, port } = service;
  const tokens = await Promise.all(
    learners.map(({ key, tenantId }) => createSigner(key, { tenant: tenantId, release: 'bench' }).token()),
  );
  const ours = (hot: HotPath) => (n: number) => {
    const person = n % learners.length;
    const learner = learners[person];
    assert.ok(learner);
    return targetOf(hot, port, learner, tokens[person] ?? '', n);
  };
  const usage = () => usageOf({ backend: [service.pid], postgres: ownDatabases() });
  const bare = tenants === USUAL ? await startBare(service, ours) : undefined;
  const results: PathResult[] = [];
  try {
    for (const [at, hot] of paths.entries()) {
      say(hot.name);
      const first = await read(ours(hot)(0));
      assert.ok(first.status < 300, `${hot.name}: ${first.status} ${first.text}`);
      const rounds = { api: [] as Figures[], bare: [] as Figures[] };
      const bareUsage = () => usageOf({ bare: [bare?.pid ?? 0], postgres: ownDatabases() });
      for (let round = 0; round < ROUNDS; round += 1) {
        rounds.api.push(await load(ours(hot), { clients: CLIENTS, seconds: SECONDS, usage }));
        if (bare)
          rounds.bare.push(
            await load(
              (n) => ({ port: bare.port, host: '127.0.0.1', path: `/${at}/${n % learners.length}` }),
              {
                clients: CLIENTS,
                seconds: SECONDS,
                usage: bareUsage,
              },
            ),
          );
      }
      const api = figures(rounds.api);
      const open = await openLoop(ours(hot), {
        perSecond: api.perSecond / 2,
        seconds: OPEN_SECONDS,
        connections: 64,
      });
      const statements = await statementsOf({ superuserUrl: postgresUrl, log }, async () => {
        // The second request finds what the first one made the backend remember.
        for (const n of [0, learners.length]) assert.ok((await read(ours(hot)(n))).status < 300);
      });
      const half = statements.slice(Math.ceil(statements.length / 2));
      const accesses: Access[] = [];
      for (const statement of statements.length === 1 ? statements : half)
        accesses.push(...(await explain(service.databaseUrl, learners[0]?.tenantId ?? '', statement)));
      results.push({
        name: hot.name,
        ...api,
        open,
        ...(bare ? { bare: figures(rounds.bare) } : {}),
        queries: half.length,
        accesses,
      });
    }
  } finally {
    bare?.stop();
  }
  return results;
}

type Figures = { perSecond: number; cpuMs: number; failures: number; foreign: number };

function figures(rounds: readonly Figures[]): Omit<Figures, 'failures'> {
  assert.equal(
    rounds.reduce((sum, { failures }) => sum + failures, 0),
    0,
    'requests failed',
  );
  return {
    perSecond: median(rounds.map(({ perSecond }) => perSecond)),
    cpuMs: median(rounds.map(({ cpuMs }) => cpuMs)),
    foreign: median(rounds.map(({ foreign }) => foreign)),
  };
}

/** Records what the API answers to everybody, and checks that the bare handler answers the same. */
async function startBare(service: Service, ours: (hot: HotPath) => (n: number) => Target) {
  const recorded: BareSettings['recorded'] = {};
  for (const hot of paths) {
    recorded[hot.name] = [];
    for (const [n] of service.learners.entries()) {
      const { status, text } = await read(ours(hot)(n));
      assert.ok(status < 300, `${hot.name}: ${status} ${text}`);
      recorded[hot.name]?.push(text ? JSON.parse(text) : null);
    }
  }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'bare.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const settings: BareSettings = { databaseUrl: service.databaseUrl, learners: service.learners, recorded };
  child.stdin.end(JSON.stringify(settings));
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(line.toString());
  for (const [at, hot] of paths.entries()) {
    const [api, bare] = await Promise.all([
      read(ours(hot)(0)),
      read({ port, host: '127.0.0.1', path: `/${at}/0` }),
    ]);
    assert.equal(bare.status, api.status, `${hot.name}: ${bare.text}`);
    if (api.text) assert.deepEqual(JSON.parse(bare.text), JSON.parse(api.text), hot.name);
  }
  return { port, pid: child.pid ?? 0, stop: () => child.kill() };
}
