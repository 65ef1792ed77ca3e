import type { IncomingMessage } from 'node:http';
import { type BlockList, isIP } from 'node:net';

/** RFC 6797: two years, and every platform below this name. */
export const HSTS = 'max-age=63072000; includeSubDomains';
/** RFC 9110 7.6.1: between two hops only; never passed on. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
/** What only the gateway may say; from outside it is a forgery. */
const OURS = new Set([
  'forwarded',
  'x-request-id',
  'traceparent',
  'tracestate',
  'baggage',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'host',
  'expect',
]);

function isOurs(name: string): boolean {
  return OURS.has(name) || name.startsWith('x-forwarded-');
}

const NONE: ReadonlySet<string> = new Set();

/** Header names that the Connection header declares to be hop-by-hop; it has no say over the message's framing. */
function named(connection: string | undefined): ReadonlySet<string> {
  if (connection === undefined || connection === 'keep-alive') return NONE;
  const names = new Set(connection.split(',').map((name) => name.trim().toLowerCase()));
  names.delete('content-length');
  return names;
}

/** Flat name/value pairs without what must not cross this hop. */
function endToEnd(message: IncomingMessage, drop: (name: string) => boolean): string[] {
  const alsoHopByHop = named(message.headers.connection);
  const kept: string[] = [];
  const raw = message.rawHeaders;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    const key = name.toLowerCase();
    if (HOP_BY_HOP.has(key) || alsoHopByHop.has(key) || drop(key)) continue;
    kept.push(name, raw[i + 1] ?? '');
  }
  return kept;
}

/** What the gateway vouches for to the process behind it. */
export interface Forwarded {
  clientAddress: string;
  proto: 'http' | 'https';
  /** As the browser should name it: with the public port where that is not the default one. */
  authority: string;
  requestId: string;
  /** Of the request's span, where there are traces. */
  traceparent?: string | undefined;
}

/** Headers of the request to the process behind, as flat pairs. */
export function requestHeaders(request: IncomingMessage, forwarded: Forwarded): string[] {
  return [
    ...endToEnd(request, isOurs),
    'Host',
    forwarded.authority,
    'X-Forwarded-For',
    forwarded.clientAddress,
    'X-Forwarded-Proto',
    forwarded.proto,
    'X-Forwarded-Host',
    forwarded.authority,
    'X-Request-Id',
    forwarded.requestId,
    ...(forwarded.traceparent ? ['Traceparent', forwarded.traceparent] : []),
  ];
}

/** Headers of the answer to the browser, as flat pairs. */
export function responseHeaders(response: IncomingMessage, requestId: string): string[] {
  return [...endToEnd(response, (name) => name === 'x-request-id'), 'X-Request-Id', requestId];
}

/**
 * Who asks: the connection's other end, or, where that is a proxy of ours, the last address in its
 * `X-Forwarded-For` that is not one of ours too. What stands before it, anybody could have written.
 */
export function clientAddress(request: IncomingMessage, trusted: BlockList): string {
  let address = plainAddress(request.socket.remoteAddress);
  const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
  while (isTrusted(trusted, address)) {
    const before = plainAddress(forwarded.pop()?.trim());
    if (isIP(before) === 0) break;
    address = before;
  }
  return address;
}

function isTrusted(trusted: BlockList, address: string): boolean {
  const family = isIP(address);
  return family !== 0 && trusted.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** A client's address without the IPv6 wrapping of an IPv4 one. */
export const plainAddress = (address: string | undefined): string => (address ?? '').replace(/^::ffff:/, '');
