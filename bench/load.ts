/** A closed-loop load generator on node:http: a number of clients, each with its own kept-alive connection. */
import { Agent, request } from 'node:http';

export interface Target {
  /** Loopback port; names under `localhost` are not resolved by Node, so the Host header says whose page it is. */
  port: number;
  host: string;
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

export interface LoadResult {
  requests: number;
  /** Answers other than 2xx. */
  failures: number;
  perSecond: number;
  p50: number;
  p95: number;
  p99: number;
  /** Bytes of the last body, as sent on the wire. */
  bytes: number;
}

/** Of sorted or unsorted numbers, the value below which the fraction `q` lies. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}

function once(agent: Agent, target: Target): Promise<{ status: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    const call = request(
      {
        agent,
        host: '127.0.0.1',
        port: target.port,
        path: target.path,
        method: target.method ?? 'GET',
        headers: {
          host: target.host,
          'accept-encoding': 'br, gzip',
          ...target.headers,
          ...(target.body ? { 'content-length': String(Buffer.byteLength(target.body)) } : {}),
        },
      },
      (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, bytes }));
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(target.body);
  });
}

/**
 * Sends requests by `clients` clients for `seconds` seconds, after a warm-up of a second.
 * @param next the n-th request, so that each client may be another person
 */
export async function load(
  next: (n: number, client: number) => Target,
  { clients, seconds }: { clients: number; seconds: number },
): Promise<LoadResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const times: number[] = [];
  let failures = 0;
  let bytes = 0;
  let n = 0;
  let counting = false;
  let running = true;
  async function client(number: number): Promise<void> {
    while (running) {
      const begun = performance.now();
      n += 1;
      const answer = await once(agent, next(n, number)).catch(() => ({ status: 0, bytes: 0 }));
      if (!counting) continue;
      times.push(performance.now() - begun);
      if (answer.status < 200 || answer.status > 299) failures += 1;
      else bytes = answer.bytes;
    }
  }
  const all = Array.from({ length: clients }, (_, number) => client(number));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  counting = true;
  const begun = performance.now();
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const lasted = (performance.now() - begun) / 1_000;
  counting = false;
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
    bytes,
  };
}
