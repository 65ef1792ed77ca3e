import { request } from 'node:http';

const MAX_BODY_BYTES = 1024 * 1024;
/** By this name the gateway knows that nobody is using the platform. */
const USER_AGENT = 'Preau-Operator';

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
}

export interface Call {
  method?: string;
  path: string;
  /** The Host header; the name that a browser would have asked for. */
  host?: string;
  json?: unknown;
  /** Sent as it is, with the headers that say what it is; instead of `json`. */
  body?: string;
  headers?: Record<string, string>;
  /** Who asks; the operator unless somebody plays a visitor. */
  userAgent?: string;
  timeoutMs: number;
}

/** The Unix socket of `unix:/path`; undefined for an address. */
export const socketOf = (endpoint: string): string | undefined =>
  endpoint.startsWith('unix:') ? endpoint.slice('unix:'.length) : undefined;

/**
 * One HTTP request to `unix:/path` or `http://address:port`, on a connection of its own.
 * @throws Error when nobody answers in time or the body exceeds 1 MiB
 */
export function call(
  endpoint: string,
  { method = 'GET', path, host, json, body: given, headers, userAgent = USER_AGENT, timeoutMs }: Call,
): Promise<Answer> {
  const socketPath = socketOf(endpoint);
  const where = socketPath
    ? { socketPath }
    : { hostname: new URL(endpoint).hostname, port: new URL(endpoint).port };
  const body = json === undefined ? given : JSON.stringify(json);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const outgoing = request(
    {
      ...where,
      method,
      path,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'user-agent': userAgent,
        ...(host && { host }),
        ...headers,
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }),
      },
    },
    (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > MAX_BODY_BYTES) incoming.destroy(new Error(`The answer of ${endpoint} exceeds 1 MiB`));
        else chunks.push(chunk);
      });
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      );
    },
  );
  outgoing.on('error', reject);
  outgoing.end(body);
  return promise;
}
