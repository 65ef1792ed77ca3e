import type { IncomingMessage } from 'node:http';
import { request as httpRequest, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { pipeline } from 'node:stream';
import type { Forwarded } from './headers.ts';
import { requestHeaders, responseHeaders } from './headers.ts';
import type { Upstream } from './upstream.ts';

const HANDSHAKE_MILLISECONDS = 15_000;

/** Only WebSocket (RFC 6455); any other Upgrade header is ignored, as RFC 9110 7.8 lets a server do. */
export function wantsWebSocket(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket';
}

/** Head of an answer as it goes over the wire. Header pairs come from node's parser, so they hold no line break. */
export function answerHead(status: number, pairs: readonly string[]): string {
  let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n`;
  for (let i = 0; i + 1 < pairs.length; i += 2) head += `${pairs[i]}: ${pairs[i + 1]}\r\n`;
  return `${head}\r\n`;
}

/** Passes a WebSocket through. Resolves with the status answered, once both sides are joined or it failed. */
export function joinWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  early: Buffer,
  upstream: Upstream,
  forwarded: Forwarded,
): Promise<number> {
  return new Promise((resolve) => {
    const leave = upstream.enter();
    socket.once('close', leave);
    socket.on('error', () => socket.destroy());

    const outgoing = httpRequest({
      ...upstream.address,
      method: 'GET',
      path: request.url,
      // A socket of its own: it never goes back to the pool.
      agent: false,
      setHost: false,
      headers: [...requestHeaders(request, forwarded), 'Connection', 'Upgrade', 'Upgrade', 'websocket'],
    });
    const refuse = (status: number) => {
      clearTimeout(limit);
      if (socket.writable) socket.end(answerHead(status, ['Connection', 'close', 'Content-Length', '0']));
      resolve(status);
    };
    const limit = setTimeout(() => {
      outgoing.destroy();
      refuse(504);
    }, HANDSHAKE_MILLISECONDS);
    const onEarlyLeave = () => outgoing.destroy();
    socket.once('close', onEarlyLeave);

    outgoing.on('error', () => refuse(502));
    outgoing.once('upgrade', (incoming, behind, behindEarly) => {
      clearTimeout(limit);
      socket.off('close', onEarlyLeave);
      socket.write(
        answerHead(101, [
          ...responseHeaders(incoming, forwarded.requestId),
          'Connection',
          'Upgrade',
          'Upgrade',
          'websocket',
        ]),
      );
      if (behindEarly.length > 0) socket.write(behindEarly);
      if (early.length > 0) behind.write(early);
      behind.on('error', () => socket.destroy());
      behind.once('close', () => socket.destroy());
      socket.once('close', () => behind.destroy());
      // Half-closing means nothing to WebSocket: where one side ends, both do, once what was said is written.
      const endBoth = () => {
        behind.end(() => behind.destroy());
        socket.end(() => socket.destroy());
      };
      behind.once('end', endBoth);
      socket.once('end', endBoth);
      behind.pipe(socket, { end: false });
      socket.pipe(behind, { end: false });
      resolve(101);
    });
    // The process declined: its own answer goes back as it is.
    outgoing.once('response', (incoming) => {
      clearTimeout(limit);
      const status = incoming.statusCode ?? 502;
      const pairs = responseHeaders(incoming, forwarded.requestId);
      socket.write(answerHead(status, [...pairs, 'Connection', 'close']));
      pipeline(incoming, socket, () => socket.destroy());
      resolve(status);
    });
    outgoing.end();
  });
}
