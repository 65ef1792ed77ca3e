import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { request as httpRequest } from 'node:http';
import { pipeline } from 'node:stream';
import { compressedHeaders, compressor, wantsCompression } from './compress.ts';
import type { Forwarded } from './headers.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import type { Upstream } from './upstream.ts';

/** How long a process may take to begin its answer. */
const FIRST_BYTE_MILLISECONDS = 60_000;
/** How long an answer may stand still; server-sent events keep it alive by their comments. */
const SILENCE_MILLISECONDS = 15 * 60_000;

/** Bodies of a known length up to here are passed on in one piece: a stream costs more than all else about them. */
const SMALL_BYTES = 64 * 1024;
/** From here on to make a text of bytes costs what it saves. */
const SHORT_BYTES = 4 * 1024;

const SAFE_TO_REPEAT = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);

/** Why there is no answer from the process behind. `refused`: no byte reached it; `missing`: it does not have the file. */
export type Failure = 'missing' | 'refused' | 'broken' | 'slow' | 'too-large' | 'unsendable' | 'stalled';

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  forwarded: Forwarded;
  bodyLimitBytes: number;
  /** How long the body may stand still on its way. */
  bodySilenceMs: number;
  /** Asked before each attempt, so a retry meets the route as it is then. */
  upstream: () => Upstream | undefined;
  /** What the process behind does not have may be had elsewhere: its 404 is not passed on. */
  mayBeElsewhere?: boolean;
}

/** Resolves when the answer was passed on (or either side left), or with why nothing could be passed on. */
export async function forward(exchange: Exchange): Promise<Failure | undefined> {
  const small = isSmall(exchange.request) ? await gather(exchange) : undefined;
  if (typeof small === 'string') return small;
  if (exchange.response.destroyed) return undefined;
  const first = await attempt(exchange, small);
  if (first !== 'refused' && first !== 'broken-unsent') return first;
  const second = await attempt(exchange, small);
  return second === 'broken-unsent' ? 'broken' : second;
}

type Outcome = Failure | 'broken-unsent' | undefined;

function isSmall({ headers }: IncomingMessage): boolean {
  const length = Number(headers['content-length'] ?? 0);
  return length > 0 && length <= SMALL_BYTES;
}

/** The whole body; without a word where the sender left. One that trickles in holds nothing of the process behind. */
function gather({ request, response, bodySilenceMs }: Exchange): Promise<Buffer | 'stalled' | undefined> {
  return new Promise((resolve) => {
    const pieces: Buffer[] = [];
    const silence = setTimeout(resolve, bodySilenceMs, 'stalled');
    request.on('data', (piece: Buffer) => {
      pieces.push(piece);
      silence.refresh();
    });
    request.once('end', () => {
      clearTimeout(silence);
      resolve(joined(pieces));
    });
    response.once('close', () => {
      clearTimeout(silence);
      resolve(undefined);
    });
  });
}

const joined = (pieces: readonly Buffer[]): Buffer =>
  pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);

/** With a head that waits to be sent, a short text leaves in one piece; bytes are a second one, which costs more. */
function finish(message: ClientRequest | ServerResponse, body: Buffer): void {
  if (body.length <= SHORT_BYTES) message.end(body.toString('latin1'), 'latin1');
  else message.end(body);
}

/** @param small the whole body, where it is small */
function attempt(exchange: Exchange, small?: Buffer): Promise<Outcome> {
  const { request, response, forwarded, bodyLimitBytes, bodySilenceMs } = exchange;
  const upstream = exchange.upstream();
  if (upstream === undefined) return Promise.resolve('refused');

  const chunked = request.headers['transfer-encoding'] !== undefined;
  const hasBody = chunked || Number(request.headers['content-length'] ?? 0) > 0;
  const headers = requestHeaders(request, forwarded);
  if (chunked) headers.push('Transfer-Encoding', 'chunked');

  return new Promise((resolve) => {
    const leave = upstream.enter();
    let settled = false;
    const settle = (outcome: Outcome) => {
      if (settled) return;
      settled = true;
      clearTimeout(firstByte);
      response.off('close', onClientGone);
      leave();
      resolve(outcome);
    };

    let firstByte: NodeJS.Timeout | undefined;
    let outgoing: ClientRequest;
    try {
      outgoing = httpRequest({
        ...upstream.address,
        agent: upstream.agent,
        method: request.method,
        path: request.url,
        headers,
        setHost: false,
      });
    } catch {
      // node's parser let something through that its writer does not.
      leave();
      return resolve('unsendable');
    }
    const onClientGone = () => {
      if (!response.writableFinished) outgoing.destroy();
      settle(undefined);
    };
    response.once('close', onClientGone);

    let bodyStarted = false;
    const sendBody = () => {
      bodyStarted = true;
      let received = 0;
      // A body that trickles in would hold a connection of the process behind for as long.
      const silence = setTimeout(() => {
        // It is the process behind that takes its time to read.
        if (outgoing.writableNeedDrain) return void silence.refresh();
        settle('stalled');
        outgoing.destroy();
        if (response.writableEnded) request.destroy();
      }, bodySilenceMs);
      request.once('close', () => clearTimeout(silence));
      request.once('end', () => clearTimeout(silence));
      request.on('data', (chunk: Buffer) => {
        received += chunk.length;
        silence.refresh();
        if (received <= bodyLimitBytes) return;
        settle('too-large');
        outgoing.destroy();
        if (response.writableEnded) request.destroy();
      });
      request.pipe(outgoing);
    };
    // The body waits for a connection, so that a refused one costs nothing and can be tried again.
    outgoing.once('socket', (socket) => {
      if (small) finish(outgoing, small);
      else if (!hasBody) outgoing.end();
      else if (socket.connecting) socket.once('connect', sendBody);
      else sendBody();
    });
    // An upload takes as long as it takes; the application's time begins when it has everything.
    outgoing.once('finish', () => {
      if (settled) return;
      firstByte = setTimeout(() => {
        settle('slow');
        outgoing.destroy();
      }, FIRST_BYTE_MILLISECONDS);
    });

    outgoing.on('error', (error) => {
      if (response.destroyed) return settle(undefined);
      const code = 'code' in error ? error.code : undefined;
      if (code === 'ECONNREFUSED' || code === 'ENOENT') return settle('refused');
      // A kept-alive socket that the other side closed while it was idle.
      const unsent =
        outgoing.reusedSocket && !small && !bodyStarted && SAFE_TO_REPEAT.has(request.method ?? '');
      settle(unsent ? 'broken-unsent' : 'broken');
    });

    outgoing.once('response', (incoming) => {
      clearTimeout(firstByte);
      if (settled) return incoming.destroy();
      // 101 to somebody who asked for no other protocol: nothing that could be passed on.
      if ((incoming.statusCode ?? 0) < 200) {
        settle('broken');
        return outgoing.destroy();
      }
      if (incoming.statusCode === 404 && exchange.mayBeElsewhere) {
        incoming.resume();
        return settle('missing');
      }
      incoming.setTimeout(SILENCE_MILLISECONDS, () => incoming.destroy());
      const compress = wantsCompression(request, incoming);
      const pairs = responseHeaders(incoming, forwarded.requestId);
      response.sendDate = incoming.headers.date === undefined;
      try {
        // The reason phrase is not passed on: HTTP/2 has none, and it may hold what node refuses to write.
        response.writeHead(incoming.statusCode ?? 502, compress ? compressedHeaders(pairs) : pairs);
      } catch {
        settle('broken');
        return outgoing.destroy();
      }
      const end = () => {
        // Answered before it had read everything: what still comes is counted and thrown away.
        if (hasBody && !request.complete) {
          request.unpipe(outgoing);
          outgoing.destroy();
          request.resume();
        }
        settle(undefined);
      };
      if (isEmpty(request, incoming)) {
        incoming.on('error', () => {}).resume();
        response.end();
        end();
        return;
      }
      // Head and body of a known length go out together; of another length the body may take its time.
      if (incoming.headers['content-length'] === undefined) response.flushHeaders();
      if (compress) pipeline(incoming, compressor(), response, end);
      else passOn(incoming, response, end);
    });
  });
}

/** An answer that consists of its head. */
function isEmpty(request: IncomingMessage, { statusCode, headers }: IncomingMessage): boolean {
  return (
    request.method === 'HEAD' || statusCode === 204 || statusCode === 304 || headers['content-length'] === '0'
  );
}

/** What `pipeline` does here, at a third of its cost: a cut answer must look cut. */
function passOn(incoming: IncomingMessage, response: ServerResponse, end: () => void): void {
  incoming.on('error', () => {});
  incoming.once('close', () => {
    if (!incoming.complete) response.destroy();
    end();
  });
  if (!isSmall(incoming)) {
    incoming.pipe(response);
    return;
  }
  const pieces: Buffer[] = [];
  incoming.on('data', (piece: Buffer) => pieces.push(piece));
  incoming.once('end', () => finish(response, joined(pieces)));
}
