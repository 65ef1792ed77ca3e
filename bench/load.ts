/** A closed-loop load generator on node:http: a number of clients, each with its own kept-alive connection. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchange, type Target } from './exchange.ts';
import { foreignShare, type Usage } from './processes.ts';
import { median, quantile } from './statistics.ts';

const WARM_UP_MS = 1_000;

export interface LoadSettings {
  clients: number;
  seconds: number;
  /** What the measured processes, and this one, have used so far. */
  usage(): Usage;
}

export interface LoadResult {
  requests: number;
  /** Answers other than 2xx. */
  failures: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  /** CPU milliseconds of all measured processes together. */
  cpuMs: number;
  /** The same, by process. */
  cpuBy: Record<string, number>;
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
  next: (n: number) => Target,
  { clients, seconds, usage }: LoadSettings,
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let failures = 0;
  let bytes = 0;
  let n = 0;
  let counting = false;
  let running = true;
  async function client(): Promise<void> {
    while (running) {
      const begun = performance.now();
      const target = next(n++);
      const { status, bytes: length } = await exchange(target, agent).catch(() => ({ status: 0, bytes: 0 }));
      if (!counting) continue;
      times.push(performance.now() - begun);
      if (status < 200 || status > 299) failures += 1;
      else bytes = length;
    }
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
  agent.destroy();
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
    bytes,
    foreign: foreignShare(before, after),
  };
}

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
    bytes: of('bytes'),
    foreign: of('foreign'),
  };
}
