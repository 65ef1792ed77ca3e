import type { IncomingHttpHeaders } from 'node:http';
import type { FileKey } from '../files/key.ts';
import type { FileStore } from '../files/store.ts';
import type { BinaryAnswer } from '../http/implement.ts';
import { refuse } from '../http/problem.ts';
import { matches, rangeOf } from './range.ts';

/** A file of the store as an answer: whole, in part, or not at all where the browser has it already. */
export async function answerFile(
  files: FileStore,
  asked: IncomingHttpHeaders,
  file: { key: FileKey; etag: string; headers: Record<string, string> },
): Promise<BinaryAnswer> {
  const headers = { etag: file.etag, 'accept-ranges': 'bytes', ...file.headers };
  const size = (await files.size(file.key)) ?? refuse('not-found');
  if (matches(asked['if-none-match'], file.etag)) return { status: 304, headers, body: new Uint8Array() };
  // A part of another version is of no use: then the whole is sent (RFC 9110 13.1.5).
  const condition = asked['if-range'];
  const current = typeof condition !== 'string' || condition === file.etag;
  const range = current ? rangeOf(asked.range, size) : undefined;
  if (range === 'unsatisfiable')
    return {
      status: 416,
      headers: { ...headers, 'content-range': `bytes */${size}` },
      body: new Uint8Array(),
    };
  if (range === undefined)
    return { headers: { ...headers, 'content-length': String(size) }, body: await files.open(file.key) };
  return {
    status: 206,
    headers: {
      ...headers,
      'content-range': `bytes ${range.start}-${range.end}/${size}`,
      'content-length': String(range.end - range.start + 1),
    },
    body: await files.open(file.key, range),
  };
}
