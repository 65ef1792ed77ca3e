import { Agent, type IncomingMessage, request } from 'node:http';
import { Readable } from 'node:stream';
import type { Settings } from './settings.ts';

const agent = new Agent({ keepAlive: true });

/** The origin by which Next is told to ask itself; nothing listens there. */
export const loopbackOrigin = 'http://instance.invalid';

/** A `Response` of these refuses a body, even an empty one: a document says 204 where Next asks for its own kind. */
const bodiless = new Set([204, 304]);

/**
 * After a server action that redirects, Next fetches the page it leads to from itself, to answer both at once. An
 * instance may listen on a Unix socket and cannot resolve its public name: these requests go to its own listener.
 * @param listen where that is by then
 */
export function fetchLoopback(listen: () => Settings['LISTEN']): void {
  const elsewhere = globalThis.fetch;
  process.env.__NEXT_PRIVATE_ORIGIN = loopbackOrigin;
  globalThis.fetch = (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    return url.origin === loopbackOrigin
      ? ask(listen(), url, new Headers(init?.headers))
      : elsewhere(input, init);
  };
}

function ask(listen: Settings['LISTEN'], url: URL, headers: Headers): Promise<Response> {
  const where = typeof listen === 'number' ? { host: '127.0.0.1', port: listen } : { socketPath: listen };
  for (const name of ['connection', 'content-length', 'transfer-encoding', 'accept-encoding'])
    headers.delete(name);
  return new Promise((resolve, reject) => {
    const path = url.pathname + url.search;
    const asked = request({ ...where, agent, path, headers: Object.fromEntries(headers) }, (answer) =>
      resolve(responseOf(answer)),
    );
    asked.on('error', reject).end();
  });
}

function responseOf(answer: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  const status = answer.statusCode ?? 502;
  if (bodiless.has(status)) {
    answer.resume();
    return new Response(null, { status, headers });
  }
  return new Response(Readable.toWeb(answer) as unknown as ReadableStream<Uint8Array>, { status, headers });
}
