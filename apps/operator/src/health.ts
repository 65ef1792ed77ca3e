import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { call, socketOf } from './endpoint.ts';

const PROBE_TIMEOUT_MS = 2_000;
const POLL_MS = 20;

const healthAnswer = z.object({ status: z.string(), instance: z.string(), release: z.string() });

export interface Health {
  healthy: boolean;
  /** Which instance and release answered; null when nobody did. */
  instance: string | null;
  release: string | null;
}

const nobody: Health = { healthy: false, instance: null, release: null };

/** Asks `/healthz` of an endpoint who it is and whether it serves. Never throws. */
export async function probe(endpoint: string): Promise<Health> {
  // A process that is starting has no socket yet: looking for it costs a hundredth of a refused connection.
  const socket = socketOf(endpoint);
  if (socket && !existsSync(socket)) return nobody;
  try {
    const answer = await call(endpoint, { path: '/healthz', timeoutMs: PROBE_TIMEOUT_MS });
    const { instance, release } = healthAnswer.parse(JSON.parse(answer.body));
    return { healthy: answer.status === 200, instance, release };
  } catch {
    return nobody;
  }
}

/** Waits until the endpoint says that it is this instance and serves; false when the time is over. */
export async function untilHealthy(
  endpoint: string,
  instanceId: string,
  timeoutMs: number,
): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  do {
    const health = await probe(endpoint);
    if (health.healthy && health.instance === instanceId) return true;
    await sleep(POLL_MS);
  } while (performance.now() < end);
  return false;
}
