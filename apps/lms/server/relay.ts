import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { askTwice } from '@preau/contract/client';
import type { Locale } from '@preau/contract/primitives';
import { type ProblemParams, type ProblemType, problems, problemText } from '@preau/contract/problem';
import { nameRequest, traceHeaders } from '@preau/telemetry';
import type { Instance } from '../src/server/instance.ts';
import { cookieOf } from './cookie.ts';
import { relayedHeaders, secureFile } from './headers.ts';
import { log } from './log.ts';
import { collect, finish, send } from './transport.ts';

interface Entry {
  method: string;
  path: string;
  to: string;
  /** What the body is whatever the browser says. */
  type?: string;
  /** The contract's limit of the body where it is not the ordinary one: refused before it is read. */
  maxMebibytes?: number;
  /** What is made of a file takes longer than an answer: it is looked through, unpacked, drawn in sizes. */
  works?: boolean;
}

/**
 * Requests of the browser that are one operation of the API and nothing else: they pass through with the
 * instance's token and the person's session, without a page being rendered. The backend validates everything.
 * `*` stands for one path segment.
 */
const relayed: Entry[] = [
  {
    method: 'PUT',
    path: '/api/activities/*/progress',
    to: '/v1/activities/*/progress',
    type: 'application/json',
  },
  {
    method: 'PUT',
    path: '/api/attempts/*/answers/*',
    to: '/v1/attempts/*/answers/*',
    type: 'application/json',
  },
  { method: 'GET', path: '/assets/*', to: '/v1/assets/*' },
  { method: 'GET', path: '/certificates/*/pdf', to: '/v1/credentials/*/pdf' },
  // tus 1.0: a browser sends a file in pieces, and goes on where it stopped.
  { method: 'POST', path: '/api/uploads', to: '/v1/uploads' },
  { method: 'HEAD', path: '/api/uploads/*', to: '/v1/uploads/*' },
  { method: 'PATCH', path: '/api/uploads/*', to: '/v1/uploads/*', maxMebibytes: 10 },
  { method: 'DELETE', path: '/api/uploads/*', to: '/v1/uploads/*' },
  ...['asset', 'import', 'package'].map((made) => ({
    method: 'POST',
    path: `/api/uploads/*/${made}`,
    to: `/v1/uploads/*/${made}`,
    type: 'application/json',
    works: true,
  })),
  {
    method: 'GET',
    path: '/studio/courses/*/learners/export',
    to: '/v1/studio/courses/*/enrolments/csv',
  },
  {
    method: 'PATCH',
    path: '/api/studio/activities/*',
    to: '/v1/studio/activities/*',
    type: 'application/json',
    maxMebibytes: 4,
  },
  {
    method: 'PUT',
    path: '/api/studio/activities/*/questions',
    to: '/v1/studio/activities/*/questions',
    type: 'application/json',
    maxMebibytes: 4,
  },
  { method: 'GET', path: '/api/imports/*', to: '/v1/imports/*' },
  { method: 'GET', path: '/team/export', to: '/v1/team/csv' },
  { method: 'GET', path: '/admin/journal/export', to: '/v1/journal/export' },
];

const MEBIBYTE = 1024 * 1024;
/** Answers up to here go out in one piece with their head. */
const SMALL_BYTES = 64 * 1024;
const ANSWER_MS = 30_000;
/** For what may take minutes to send from a slow line. */
const UPLOAD_MS = 900_000;
const sent = [
  'content-type',
  'content-length',
  'accept',
  'accept-language',
  'range',
  'if-range',
  'if-none-match',
  'preau-file-name',
  'tus-resumable',
  'upload-length',
  'upload-offset',
  'upload-metadata',
];
const returned = [
  'content-type',
  'content-length',
  'content-disposition',
  'content-range',
  'accept-ranges',
  'etag',
  'last-modified',
  'retry-after',
  'location',
  'tus-resumable',
  'upload-length',
  'upload-offset',
  'upload-expires',
];

const table = relayed.map((entry) => ({
  ...entry,
  pattern: new RegExp(`^${entry.path.replaceAll('*', '([\\w-]{1,64})')}$`),
}));

/** The visitor's address as the gateway, which sets this header itself, saw it. */
export function addressOf(request: IncomingMessage): string | undefined {
  const forwarded = request.headers['x-forwarded-for'];
  return (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim();
}

/** Answers a relayed request; false where the path is not one. */
export async function relay(
  instance: Instance,
  { pathname, search, https }: { pathname: string; search: string; https: boolean },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const entry = table.find((one) => one.method === request.method && one.pattern.test(pathname));
  if (!entry) return false;
  nameRequest(entry.method, entry.path);
  const locale = cookieOf(request, 'locale', instance.platformUrl) === 'en' ? 'en' : 'fr';
  const refuse = (name: ProblemType, params?: ProblemParams) => {
    secureFile(response, https);
    answerRefusal(response, name, locale, params);
  };
  const limit = entry.maxMebibytes ?? 1;
  if (Number(request.headers['content-length'] ?? 0) > limit * MEBIBYTE) {
    request.resume();
    refuse('payload-too-large', { limit: `${limit} ${locale === 'fr' ? 'Mo' : 'MB'}` });
    return true;
  }
  const cookie = cookieOf(request, 'session', instance.platformUrl);
  const session = cookie && /^[\w.-]{20,200}$/.test(cookie) ? cookie : undefined;
  // The API would refuse and hang up while the file is still on its way; here it is read and dropped.
  if (entry.maxMebibytes && !session) {
    request.resume();
    refuse('not-authenticated');
    return true;
  }
  const segments = entry.pattern.exec(pathname)?.slice(1) ?? [];
  const target = entry.to.replaceAll('*', () => segments.shift() ?? '') + search;
  const headers: OutgoingHttpHeaders = {
    authorization: `Bearer ${await instance.token()}`,
    ...traceHeaders(),
  };
  for (const name of sent) if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  if (entry.type) headers['content-type'] = entry.type;
  if (session) headers['preau-session'] = session;
  const address = addressOf(request);
  if (address) headers['preau-client-address'] = address;
  headers['accept-language'] = locale;
  try {
    const small = Number(request.headers['content-length'] ?? Infinity) <= SMALL_BYTES;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const body = reads ? undefined : small ? await collect(request) : request;
    const timeoutMs = entry.maxMebibytes || entry.works ? UPLOAD_MS : ANSWER_MS;
    const answer = await askTwice(reads, () =>
      send(instance.backendUrl + target, { method: entry.method, headers, timeoutMs }, body),
    );
    const { statusCode = 502 } = answer;
    const asset = pathname.startsWith('/assets/') && statusCode < 400;
    // The API knows which of its files may change, and who may lose access to them.
    const kept = (asset && answer.headers['cache-control']) || 'private, no-store';
    const head = [...relayedHeaders(https), 'Cache-Control', kept];
    for (const name of returned) {
      const value = answer.headers[name];
      if (value !== undefined) head.push(name, String(value));
    }
    const length = Number(answer.headers['content-length'] ?? (statusCode === 204 ? 0 : Infinity));
    const whole = length <= SMALL_BYTES ? await collect(answer) : undefined;
    response.writeHead(statusCode, head);
    if (whole) finish(response, whole);
    else await pipeline(answer, response);
  } catch (error) {
    if (response.headersSent) throw error;
    log('warn', `backend unreachable: ${error instanceof Error ? error.message : String(error)}`);
    response.setHeader('Retry-After', '2');
    refuse('unavailable');
  }
  return true;
}

/** Refuses in the words of the API, for what never reached it. */
function answerRefusal(
  response: ServerResponse,
  name: ProblemType,
  locale: Locale,
  params: ProblemParams = {},
): void {
  const detail = problemText(name, locale, params);
  const { status } = problems[name];
  response.writeHead(status, { 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  const reference = crypto.randomUUID();
  response.end(
    JSON.stringify({
      type: `urn:preau:problem:${name}`,
      name,
      title: detail,
      status,
      detail,
      reference,
      params,
    }),
  );
}
