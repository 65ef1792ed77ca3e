import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import type { ComponentName, Finding } from './history.ts';

const TIMEOUT_MS = 10_000;
/** What takes longer is told as slow. */
const SLOW_MS = 2_500;
const MAX_BODY_BYTES = 512 * 1024;
const USER_AGENT = 'Preau-Status/1.0';

export interface Target {
  component: ComponentName;
  /** As a visitor names it. */
  url: URL;
  /** What the page must hold. */
  holds?: RegExp;
}

/** What is looked at: as a visitor would, through the gateway. */
export function targetsOf(publicUrl: string, samplePlatform: string | undefined): Target[] {
  const hub = new URL(publicUrl);
  return [
    { component: 'site', url: new URL('/', hub), holds: /<main\b/ },
    { component: 'api', url: new URL('/healthz', `${hub.protocol}//api.${hub.host}`), holds: /"ok"/ },
    ...(samplePlatform
      ? [
          {
            component: 'platforms' as const,
            url: new URL('/sign-in', samplePlatform),
            holds: /type="password"/,
          },
        ]
      : []),
  ];
}

/** Asks once. Never throws: whatever is not the page is bad. @param gateway where to connect to, whatever the name */
export async function look({ url, holds }: Target, gateway: URL): Promise<Finding> {
  const began = performance.now();
  try {
    const { status, body } = await fetchPage(url, gateway);
    if (status !== 200 || (holds && !holds.test(body))) return 'bad';
    return performance.now() - began > SLOW_MS ? 'slow' : 'good';
  } catch {
    return 'bad';
  }
}

function fetchPage(url: URL, gateway: URL): Promise<{ status: number; body: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; body: string }>();
  const outgoing = (gateway.protocol === 'https:' ? secure : plain)(
    {
      hostname: gateway.hostname,
      port: gateway.port,
      path: url.pathname,
      servername: url.hostname,
      agent: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
      headers: { host: url.host, accept: 'text/html,application/json', 'user-agent': USER_AGENT },
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BODY_BYTES) incoming.destroy(new Error('the page is too large'));
        else chunks.push(chunk);
      });
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }),
      );
    },
  );
  outgoing.on('error', reject);
  outgoing.end();
  return promise;
}
