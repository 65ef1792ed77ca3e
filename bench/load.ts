/** A closed-loop load generator: a number of clients, each with its own kept-alive connection. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type Reply } from './connection.ts';
import type { Target } from './exchange.ts';
import { foreignShare, type Usage } from './processes.ts';
import { median, quantile } from './statistics.ts';

const WARM_UP_MS = 1_000;
/** Every so many answers one is read for its mark; decompressing each would cost what is measured. */
const READ_EVERY = 32;

/** A request of the load. */
export interface Asked extends Target {
  /** What the body of its answer holds. */
  mark?: string;
}

export interface LoadSettings {
  clients: number;
  seconds: number;
  /** What the measured processes, and this one, have used so far. */
  usage(): Usage;
}

export interface LoadResult {
  requests: number;
  /** Answers other than 2xx, and those without their mark. */
  failures: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  /** CPU milliseconds of all measured processes together. */
  cpuMs: number;
  /** The same, by process. */
  cpuBy: Record<string, number>;
  /** CPU milliseconds of the load generator itself, which the machine gives as well. */
  ownMs: number;
  /** Bytes of the last body, as sent on the wire. */
  bytes: number;
  /** The share of this machine's CPUs that other programs used meanwhile, 0 to 1. */
  foreign: number;
}

/**
 * Sends requests by `clients` clients for `seconds` seconds, after a warm-up of a second.
 * @param next the n-th request, so that each may be another person's
 */
export async function load(
  next: (n: number) => Asked,
  { clients, seconds, usage }: LoadSettings,
): Promise<LoadResult> {
  const times: number[] = [];
  let failures = 0;
  let bytes = 0;
  let n = 0;
  let counting = false;
  let running = true;
  async function client(): Promise<void> {
    let connection: Connection | undefined;
    while (running) {
      const reads = n % READ_EVERY === 0;
      const target = next(n++);
      connection ??= new Connection(target.port);
      const begun = performance.now();
      const reply = await connection.ask(target, reads && target.mark !== undefined).catch(() => FAILED);
      if (!counting) continue;
      times.push(performance.now() - begun);
      if (isRight(reply, target)) bytes = reply.bytes;
      else failures += 1;
    }
    connection?.close();
  }
  const all = Array.from({ length: clients }, client);
  await sleep(WARM_UP_MS);
  const before = usage();
  const begun = performance.now();
  counting = true;
  await sleep(seconds * 1_000);
  counting = false;
  const lasted = (performance.now() - begun) / 1_000;
  const after = usage();
  running = false;
  await Promise.all(all);
  return {
    requests: times.length,
    failures,
    perSecond: times.length / lasted,
    p50: quantile(times, 0.5),
    p95: quantile(times, 0.95),
    p99: quantile(times, 0.99),
    cpuMs: (after.measured - before.measured) / times.length,
    cpuBy: Object.fromEntries(
      Object.entries(after.byName).map(([name, ms]) => [
        name,
        (ms - (before.byName[name] ?? 0)) / times.length,
      ]),
    ),
    ownMs: (after.self - before.self) / times.length,
    bytes,
    foreign: foreignShare(before, after),
  };
}

const FAILED: Reply = { status: 0, bytes: 0 };

const isRight = ({ status, text }: Reply, { mark }: Asked): boolean =>
  status >= 200 && status <= 299 && (text === undefined || mark === undefined || text.includes(mark));

/** The median of each figure over several rounds; failures are added up. */
export function medianOf(rounds: readonly LoadResult[]): LoadResult {
  const of = (key: Exclude<keyof LoadResult, 'cpuBy'>) => median(rounds.map((round) => round[key]));
  return {
    requests: of('requests'),
    failures: rounds.reduce((sum, { failures }) => sum + failures, 0),
    perSecond: of('perSecond'),
    p50: of('p50'),
    p95: of('p95'),
    p99: of('p99'),
    cpuMs: of('cpuMs'),
    cpuBy: Object.fromEntries(
      Object.keys(rounds[0]?.cpuBy ?? {}).map((name) => [
        name,
        median(rounds.map(({ cpuBy }) => cpuBy[name] ?? 0)),
      ]),
    ),
    ownMs: of('ownMs'),
    bytes: of('bytes'),
    foreign: of('foreign'),
  };
}
