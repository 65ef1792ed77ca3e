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

/** One request of an open loop. */
export interface Sample {
  /** The Host header. */
  host: string;
  /** When it was due, in milliseconds of `performance.now()`. */
  due: number;
  /** From then to the end of its answer. */
  ms: number;
  /** 0 where nothing answered. */
  status: number;
}

export interface RunningLoad {
  /** What has been answered, or has failed, so far. */
  readonly samples: readonly Sample[];
  /** Sends no more and waits for the last answers. */
  stop(): Promise<void>;
}

export interface Pace {
  perSecond: number;
  connections: number;
}

/**
 * Sends `perSecond` requests a second, evenly, whether or not earlier ones were answered, until it is stopped: a stall
 * is then seen by every request that fell into it, not only by one.
 */
export function startOpenLoop(next: (n: number) => Target, { perSecond, connections }: Pace): RunningLoad {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const samples: Sample[] = [];
  const pending = new Set<Promise<void>>();
  const begun = performance.now();
  let running = true;
  const send = (target: Target, due: number) => {
    const asked = exchange(target, agent)
      .catch(() => ({ status: 0 }))
      .then(({ status }) => {
        samples.push({ host: target.host, due, ms: performance.now() - due, status });
        pending.delete(asked);
      });
    pending.add(asked);
  };
  const sending = (async () => {
    for (let n = 0; running; await sleep(TICK_MS)) {
      const now = performance.now();
      for (let due = begun + (n * 1_000) / perSecond; due <= now; due = begun + (n * 1_000) / perSecond) {
        send(next(n), due);
        n += 1;
      }
    }
  })();
  return {
    samples,
    async stop() {
      running = false;
      await sending;
      await Promise.all(pending);
      agent.destroy();
    },
  };
}

/** The same for `seconds` seconds. */
export async function openLoop(
  next: (n: number) => Target,
  { seconds, ...pace }: Pace & { seconds: number },
): Promise<OpenLoopResult> {
  const load = startOpenLoop(next, pace);
  await sleep(seconds * 1_000);
  await load.stop();
  return summaryOf(load.samples);
}

export const isFailure = ({ status }: Sample): boolean => status < 200 || status > 299;

export function summaryOf(samples: readonly Sample[]): OpenLoopResult {
  const times = samples.map(({ ms }) => ms);
  return {
    requests: samples.length,
    failures: samples.filter(isFailure).length,
    p50: quantile(times, 0.5),
    p99: quantile(times, 0.99),
  };
}
