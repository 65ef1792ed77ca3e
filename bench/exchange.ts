/** One HTTP exchange with a loopback port; names under `localhost` are said by the Host header, not resolved. */
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';

export interface Target {
  port: number;
  /** The Host header. */
  host: string;
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  /** Gives up, and fails, after so long; never where nothing is said. */
  timeoutMs?: number;
}

export interface Answer {
  /** 0 where nothing answered. */
  status: number;
  headers: IncomingHttpHeaders;
  /** Of the body, as sent on the wire. */
  bytes: number;
}

/** Sends a request and reads its answer to the end. @param keep receives the body's pieces */
export function exchange(target: Target, agent?: Agent, keep?: (chunk: Buffer) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { body } = target;
    const call = request(
      {
        ...(agent ? { agent } : {}),
        ...(target.timeoutMs === undefined ? {} : { signal: AbortSignal.timeout(target.timeoutMs) }),
        host: '127.0.0.1',
        port: target.port,
        path: target.path,
        method: target.method ?? 'GET',
        headers: {
          host: target.host,
          ...target.headers,
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
        },
      },
      (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          keep?.(chunk);
        });
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes }),
        );
        response.on('error', reject);
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

/** The same, with the body as text. */
export async function read(target: Target): Promise<Answer & { text: string }> {
  const chunks: Buffer[] = [];
  const answer = await exchange(target, undefined, (chunk) => chunks.push(chunk));
  return { ...answer, text: Buffer.concat(chunks).toString() };
}
