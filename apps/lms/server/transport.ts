import {
  Agent,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request,
} from 'node:http';
import { Readable } from 'node:stream';

const MAX_SOCKETS = 64;
const IDLE_MS = 30_000;

/** Kept-alive connections to the backend: opening one costs more than most answers. */
const agent = new Agent({ keepAlive: true, maxSockets: MAX_SOCKETS, timeout: IDLE_MS, scheduling: 'lifo' });

/**
 * Sends a request to the backend and resolves with its answer's head; the body is the answer's stream.
 * @param options.timeoutMs for the whole exchange
 */
export function send(
  url: string,
  options: {
    method: string;
    headers: OutgoingHttpHeaders;
    signal?: AbortSignal | null | undefined;
    timeoutMs?: number;
  },
  body?: Readable | string | Uint8Array,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { signal, timeoutMs, ...rest } = options;
    const outgoing = request(url, { ...rest, agent, ...(signal ? { signal } : {}) }, resolve);
    outgoing.on('error', reject);
    if (timeoutMs !== undefined) {
      const late = () => outgoing.destroy(new Error(`the backend did not answer within ${timeoutMs} ms`));
      const timer = setTimeout(late, timeoutMs);
      outgoing.once('close', () => clearTimeout(timer));
    }
    if (body instanceof Readable) body.on('error', (error) => outgoing.destroy(error)).pipe(outgoing);
    else outgoing.end(body);
  });
}

/** The whole body. */
export async function collect(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
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
    { method: init.method ?? 'GET', headers, signal: init.signal },
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
