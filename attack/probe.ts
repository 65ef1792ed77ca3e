/** One request and what came back, compared and searched. */
import { Agent, request } from 'node:http';
import { CANARY, UUID } from './canary.ts';
import type { Mark } from './world.ts';

export interface Probe {
  operation: string;
  identity: string;
  /** How the foreign thing is named: path, query, body, header, … */
  way: string;
  method: string;
  target: string;
  headers: Record<string, string | string[]>;
  body?: string | Uint8Array | undefined;
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
  milliseconds: number;
}

const agent = new Agent({ keepAlive: true, maxSockets: 64 });
/** The first request to Payload loads it, on a machine that may be busy. */
const PATIENCE_MS = 60_000;
/** How long an event stream may speak. */
const EVENTS_MS = 120;
const MAX_BYTES = 4 * 1024 * 1024;

export function send(url: string, { method, target, headers, body }: Probe): Promise<Answer> {
  const { hostname, port } = new URL(url);
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        hostname,
        port,
        method,
        path: target,
        agent,
        headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        const done = () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(
              Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
            ),
            body: Buffer.concat(chunks),
            milliseconds: performance.now() - begun,
          });
        if (String(response.headers['content-type']).startsWith('text/event-stream')) {
          setTimeout(() => {
            done();
            outgoing.destroy();
          }, EVENTS_MS);
        }
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.byteLength;
          if (bytes < MAX_BYTES) chunks.push(chunk);
        });
        response.on('end', done);
        response.on('error', done);
      },
    );
    outgoing.setTimeout(PATIENCE_MS, () => outgoing.destroy(new Error(`no answer in ${PATIENCE_MS} ms`)));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** Everything that a caller gets to read. */
export function textOf({ status, headers, body }: Answer): string {
  return `${status}\n${JSON.stringify(headers)}\n${body.toString('latin1')}`;
}

/** Marks of others in an answer that the caller did not send himself. */
export function foreignIn(
  answer: Answer,
  probe: Probe,
  marks: ReadonlyMap<string, Mark>,
): { mark: string; at: Mark }[] {
  const text = textOf(answer);
  const sent = decodeURIComponent(
    `${probe.target} ${JSON.stringify(probe.headers)}`
      .replace(/%(?![0-9a-f]{2})/gi, '%25')
      .replace(/\+/g, ' '),
  )
    .concat(probe.body ? ` ${Buffer.from(probe.body).toString('latin1')}` : '')
    .toLowerCase();
  const seen = new Set(
    [...text.matchAll(CANARY), ...text.matchAll(UUID), ...text.matchAll(/#[0-9a-f]{6}/gi)].map(([mark]) =>
      mark.toLowerCase(),
    ),
  );
  return [...seen].flatMap((mark) => {
    const at = marks.get(mark);
    return at && !sent.includes(mark) ? [{ mark, at }] : [];
  });
}

const VOLATILE = new Set(['date', 'x-request-id', 'content-length', 'connection', 'keep-alive', 'etag']);
const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)/g;

/** An answer without what differs between any two: references, times, and the value that was sent. */
export function normalised(answer: Answer, sent: string): string {
  const plain = (text: string) =>
    text
      .replaceAll(sent, '<sent>')
      .replaceAll(encodeURIComponent(sent), '<sent>')
      .replace(INSTANT, '<instant>')
      .replace(UUID, '<id>');
  const headers = Object.entries(answer.headers)
    .filter(([name]) => !VOLATILE.has(name))
    .map(([name, value]) => `${name}: ${plain(value)}`)
    .sort();
  return [String(answer.status), ...headers, plain(answer.body.toString('latin1'))].join('\n');
}

/** A line for a terminal that sends the probe again, without the secrets that it needs. */
export function curlOf({ method, target, headers, body, identity }: Probe): string {
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const given = Object.entries(headers).map(([name, value]) => {
    const secret = /^(authorization|preau-session|cookie)$/i.test(name);
    return `-H ${quoted(`${name}: ${secret ? `<${name} of: ${identity}>` : String(value)}`)}`;
  });
  const data =
    body === undefined ? [] : [`--data-binary ${quoted(Buffer.from(body).toString('utf8').slice(0, 2_000))}`];
  return ['curl --path-as-is -i', `-X ${method}`, ...given, ...data, quoted(`$API${target}`)].join(' ');
}
