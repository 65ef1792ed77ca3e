import { randomFillSync } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';

const TWO_YEARS_SECONDS = 63_072_000;
/** CSP level 3, 7.1: at least 128 bits. */
const NONCE_BYTES = 16;
/** Random bytes for so many nonces are fetched at once; each is used once. */
const NONCES = 64;
const pool = Buffer.alloc(NONCE_BYTES * NONCES);
let used = pool.length;

function nextNonce(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += NONCE_BYTES;
  return pool.toString('base64url', used - NONCE_BYTES, used);
}

/** Headers that only Next's own infrastructure may set; a browser's are dropped. */
const internalHeaders = [
  'content-security-policy',
  'x-middleware-rewrite',
  'x-middleware-redirect',
  'x-middleware-set-cookie',
  'x-middleware-skip',
  'x-middleware-override-headers',
  'x-middleware-next',
  'x-middleware-subrequest',
  'x-now-route-matches',
  'x-matched-path',
  'x-nextjs-data',
  'x-next-resume-state-length',
  'x-prerender-revalidate',
  'next-resume',
];

const policy = (nonce: string, content: string, development: boolean, secure: boolean) =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "media-src 'self'",
    `frame-src ${content} https://www.youtube-nocookie.com https://player.vimeo.com`,
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    ...(secure ? ['upgrade-insecure-requests'] : []),
  ].join('; ');

/**
 * Sets the security headers of a page. Next takes the nonce of its own scripts from the request's
 * `Content-Security-Policy` (its CSP guide), which is why it is written there too.
 * @returns the nonce
 */
export function secure(
  request: IncomingMessage,
  response: ServerResponse,
  options: {
    development: boolean;
    https: boolean;
    /** The origin of what strangers wrote: to be framed, never to be the page's own. */
    content: string;
  },
): string {
  for (const name of internalHeaders) delete request.headers[name];
  const nonce = nextNonce();
  const written = policy(nonce, options.content, options.development, options.https);
  request.headers['content-security-policy'] = written;
  response.setHeader('Content-Security-Policy', written);
  return nonce;
}

/** The headers of every page that need no nonce. */
export function secureAny(response: ServerResponse, https: boolean) {
  secureFile(response, https);
  response.setHeader('Referrer-Policy', 'strict-origin-when-cross-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader(
    'Permissions-Policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()',
  );
}

const ofFiles = (https: boolean): [name: string, value: string][] => [
  ['X-Content-Type-Options', 'nosniff'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
  ...(https
    ? [['Strict-Transport-Security', `max-age=${TWO_YEARS_SECONDS}; includeSubDomains`] as [string, string]]
    : []),
];

/** The headers that every answer carries; pages send a stricter policy instead. */
export function secureFile(response: ServerResponse, https: boolean) {
  for (const [name, value] of ofFiles(https)) response.setHeader(name, value);
  response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
}

const relayed = (https: boolean): string[] => [
  ...ofFiles(https).flat(),
  // What somebody uploaded is shown, never run, whatever its type claims.
  'Content-Security-Policy',
  "default-src 'none'; sandbox; frame-ancestors 'self'",
];
const ofRelayed = { true: relayed(true), false: relayed(false) };

/** Header pairs of every relayed answer. Written with its head: to set each first costs a quarter of a small answer. */
export const relayedHeaders = (https: boolean): readonly string[] => ofRelayed[`${https}`];
