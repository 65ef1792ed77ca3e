import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.ts';

const DEFAULT_MAX_BYTES = 1024 * 1024;
/** A NUL or half of a surrogate pair: valid JSON, but no text that PostgreSQL or a browser could hold. */
const SUSPECT = /\\u(?:0000|d[89a-f])/i;
const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;

/** Reads the whole body. @throws Problem `payload-too-large` as soon as it is */
export function readBytes(request: IncomingMessage, maxBytes = DEFAULT_MAX_BYTES): Promise<Buffer> {
  const tooLarge = () => new Problem('payload-too-large', { limit: maxBytes });
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
    // The sender left before anybody listened: no event would tell.
    if (request.destroyed) throw new Problem('malformed-request');
    const chunks: Buffer[] = [];
    let size = 0;
    // By its events: the body's iterator costs more than all there is to do with a small one.
    const take = (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
      else {
        request.off('data', take).pause();
        reject(tooLarge());
      }
    };
    request.on('data', take);
    request.once('error', reject);
    request.once('close', () => {
      // Making an error takes its stack, which is dear: only where the body did not come to its end.
      if (!request.readableEnded) reject(new Problem('malformed-request'));
    });
    request.once('end', () =>
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size)),
    );
  });
}

/** The body as JSON; an absent one is an empty object. */
export async function readJson(request: IncomingMessage, maxBytes?: number): Promise<unknown> {
  const bytes = await readBytes(request, maxBytes);
  if (bytes.length === 0) return {};
  if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
    throw new Problem('unsupported-media', { accepted: 'application/json' });
  }
  if (!isUtf8(bytes)) throw new Problem('malformed-request');
  const text = bytes.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem('malformed-request');
  }
  if (SUSPECT.test(text) && holdsHostileText(value)) throw new Problem('malformed-request');
  return value;
}

/** The query as an object; a name given twice keeps its last value. */
export function readQuery(text: string): Record<string, string> {
  const query: Record<string, string> = {};
  if (text === '') return query;
  for (const [name, value] of new URLSearchParams(text)) {
    if (name.includes('\0') || value.includes('\0')) throw new Problem('malformed-request');
    if (name !== '__proto__') query[name] = value;
  }
  return query;
}

/** Walks without recursion: nesting is the sender's to choose. */
function holdsHostileText(root: unknown): boolean {
  const stack: unknown[] = [root];
  while (stack.length > 0) {
    const value = stack.pop();
    if (typeof value === 'string') {
      if (value.includes('\0') || !value.isWellFormed()) return true;
    } else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) stack.push(key, item);
    }
  }
  return false;
}
