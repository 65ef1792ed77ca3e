/** An open-loop load generator: requests start when they are due, and their time counts from then. */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { exchange, type Target } from './exchange.ts';
import { quantile } from './statistics.ts';

const TICK_MS = 1;

export interface OpenLoopResult {
  requests: number;
  /** Answers other than 2xx. */
  failures: number;
  /** Milliseconds from the moment a request was due to the end of its answer. */
  p50: number;
  p99: number;
}

/**
 * Sends `perSecond` requests a second for `seconds` seconds, evenly, whether or not earlier ones were answered: a
 * stall is then seen by every request that fell into it, not only by one.
 */
export async function openLoop(
  next: (n: number) => Target,
  { perSecond, seconds, connections }: { perSecond: number; seconds: number; connections: number },
): Promise<OpenLoopResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const times: number[] = [];
  const pending: Promise<void>[] = [];
  const total = Math.floor(perSecond * seconds);
  let failures = 0;
  const begun = performance.now();
  for (let n = 0; n < total; ) {
    const now = performance.now();
    for (; n < total && begun + (n * 1_000) / perSecond <= now; n += 1) {
      const due = begun + (n * 1_000) / perSecond;
      pending.push(
        exchange(next(n), agent)
          .catch(() => ({ status: 0 }))
          .then(({ status }) => {
            times.push(performance.now() - due);
            if (status < 200 || status > 299) failures += 1;
          }),
      );
    }
    await sleep(TICK_MS);
  }
  await Promise.all(pending);
  agent.destroy();
  return { requests: total, failures, p50: quantile(times, 0.5), p99: quantile(times, 0.99) };
}
