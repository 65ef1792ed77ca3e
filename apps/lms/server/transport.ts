import {
  Agent,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
  type ServerResponse,
} from 'node:http';
import { Readable } from 'node:stream';

const MAX_SOCKETS = 64;
const IDLE_MS = 30_000;
/** From here on to make a text of bytes costs what it saves. */
const SHORT_BYTES = 4 * 1024;
/** Until the backend begins its answer. */
const BEGINS_MS = 10_000;

/** Kept-alive connections to the backend: opening one costs more than most answers. */
const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, timeout: IDLE_MS, scheduling: 'lifo' });

/** The backend's address, taken apart once. */
let known: { origin: string; host: { hostname: string; port: string } } | undefined;

function placeOf(url: string) {
  if (!known || !url.startsWith(known.origin)) {
    const { origin, hostname, port } = new URL(url);
    known = { origin: `${origin}/`, host: { hostname, port } };
  }
  return { host: known.host, path: url.slice(known.origin.length - 1) };
}

/**
 * Sends a request to the backend and resolves with its answer's head; the body is the answer's stream.
 * @param options.timeoutMs for the whole exchange
 * @param options.beginsWithinMs for the answer's head
 */
export function send(
  url: string,
  options: {
    method: string;
    headers: OutgoingHttpHeaders;
    signal?: AbortSignal | null | undefined;
    timeoutMs?: number;
    beginsWithinMs?: number;
  },
  body?: Readable | string | Uint8Array,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { signal, timeoutMs, beginsWithinMs, method, headers } = options;
    const { host, path } = placeOf(url);
    const outgoing = request(
      { ...host, path, method, headers, agent, ...(signal ? { signal } : {}) },
      resolve,
    );
    outgoing.on('error', reject);
    const limitMs = timeoutMs ?? beginsWithinMs;
    if (limitMs !== undefined) {
      const late = () => outgoing.destroy(new Error(`the backend did not answer within ${limitMs} ms`));
      const timer = setTimeout(late, limitMs);
      const inTime = () => clearTimeout(timer);
      if (timeoutMs === undefined) outgoing.once('response', inTime);
      outgoing.once('close', inTime);
    }
    if (body instanceof Readable) body.on('error', (error) => outgoing.destroy(error)).pipe(outgoing);
    else if (body instanceof Buffer) finish(outgoing, body);
    else outgoing.end(body);
  });
}

/**
 * Ends a message whose head waits to be sent. A short text leaves with it in one piece; bytes are a second one, which
 * costs more.
 */
export function finish(message: ClientRequest | ServerResponse, body: Buffer): void {
  if (body.length <= SHORT_BYTES) message.end(body.toString('latin1'), 'latin1');
  else message.end(body);
}

/** The whole body. By events: an asynchronous iterator costs as much as the rest of a small answer. */
export function collect(message: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    message.once('error', reject);
    message.once('close', () => {
      if (!message.complete) reject(new Error('the message was cut off'));
    });
  });
}

function headersOf(incoming: IncomingHttpHeaders): [string, string][] {
  return Object.entries(incoming).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
  );
}

/**
 * An answer whose JSON is already here: the part of `Response` that the contract's client reads. A real one costs
 * more than parsing the JSON.
 */
const noHeaders = new Headers();
function jsonAnswer(body: Buffer, status: number): Response {
  const text = async () => body.toString('utf8');
  const json = async (): Promise<unknown> => JSON.parse(body.toString('utf8'));
  const answer = { ok: status >= 200 && status < 300, status, headers: noHeaders, body: null, text, json };
  return answer as unknown as Response;
}

/** `fetch` as the contract's client uses it, on node:http: a third of undici's CPU for small JSON answers. */
export const fetchBackend: typeof globalThis.fetch = async (input, init = {}) => {
  const body = init.body as string | Uint8Array | ReadableStream<Uint8Array> | undefined;
  const payload = body instanceof ReadableStream ? Readable.fromWeb(body as never) : body;
  const headers = { ...(init.headers as Record<string, string>) };
  if (typeof payload === 'string') headers['content-length'] = String(Buffer.byteLength(payload));
  if (payload instanceof Uint8Array) headers['content-length'] = String(payload.byteLength);
  const answer = await send(
    String(input),
    { method: init.method ?? 'GET', headers, signal: init.signal, beginsWithinMs: BEGINS_MS },
    payload,
  );
  const status = answer.statusCode ?? 502;
  if (status === 204 || status === 304) {
    answer.resume();
    return new Response(null, { status });
  }
  if (/json/.test(answer.headers['content-type'] ?? '')) return jsonAnswer(await collect(answer), status);
  return new Response(Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array>, {
    status,
    headers: headersOf(answer.headers),
  });
};
