import type { ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Locale, type ProblemDetails, problems, problemText } from '@preau/contract';
import type { BinaryAnswer } from './implement.ts';
import type { Problem } from './problem.ts';

const HEARTBEAT_MS = 15_000;
const MIB = 1024 * 1024;

/** Sets headers, where they are not written with an answer's head. @param pairs flat names and values */
export function setHeaders(response: ServerResponse, pairs: readonly string[]): void {
  for (let at = 0; at + 1 < pairs.length; at += 2) response.setHeader(pairs[at] ?? '', pairs[at + 1] ?? '');
}

/**
 * JSON, never cached: what it holds depends on who asked.
 * @param own headers of every answer that were not set yet: written at once they cost a quarter less
 */
export function answerJson(
  response: ServerResponse,
  status: number,
  value: unknown,
  own: readonly string[] = [],
): void {
  answerText(response, status, JSON.stringify(value), own);
}

/** JSON that is written out already. */
export function answerText(
  response: ServerResponse,
  status: number,
  text: string,
  own: readonly string[] = [],
): void {
  response.writeHead(status, [
    ...own,
    'content-type',
    'application/json; charset=utf-8',
    'content-length',
    String(Buffer.byteLength(text)),
    'cache-control',
    'no-store',
  ]);
  // As text it leaves in one piece with the head.
  response.end(text);
}

export function answerEmpty(response: ServerResponse, status: number, own: readonly string[]): void {
  response.writeHead(status, [
    ...own,
    'cache-control',
    'no-store',
    ...(status === 204 ? [] : ['content-length', '0']),
  ]);
  response.end();
}

/** RFC 9457 problem details in the caller's language. */
export function answerProblem(
  response: ServerResponse,
  problem: Problem,
  {
    locale,
    reference,
    headers = {},
  }: { locale: Locale; reference: string; headers?: Record<string, string> },
): void {
  const params = wordParams(problem, locale, reference);
  const details: ProblemDetails = {
    type: `urn:preau:problem:${problem.type}`,
    name: problem.type,
    title: problemText(problem.type, locale, params),
    status: problems[problem.type].status,
    detail: problemText(problem.type, locale, params),
    reference,
    ...(problem.errors ? { errors: problem.errors } : {}),
    ...(Object.keys(problem.params).length > 0 ? { params: problem.params } : {}),
  };
  const body = Buffer.from(JSON.stringify(details));
  response.writeHead(details.status, {
    ...headers,
    'content-type': 'application/problem+json; charset=utf-8',
    'content-length': body.length,
    'cache-control': 'no-store',
    ...(details.status === 429 ? { 'retry-after': String(problem.params.seconds ?? 1) } : {}),
  });
  response.end(body);
}

function wordParams(problem: Problem, locale: Locale, reference: string) {
  const { limit } = problem.params;
  if (problem.type === 'payload-too-large' && typeof limit === 'number') {
    const amount = (limit / MIB).toLocaleString(locale, { maximumFractionDigits: 1 });
    return { ...problem.params, limit: `${amount} ${locale === 'fr' ? 'Mo' : 'MB'}` };
  }
  return { ...problem.params, reference };
}

export async function answerBinary(
  response: ServerResponse,
  status: number,
  { status: own, headers, body }: BinaryAnswer,
): Promise<void> {
  if (own === 304) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(own ?? status, {
    'content-type': 'application/octet-stream',
    'cache-control': 'no-store',
    ...headers,
    ...(body instanceof Readable ? {} : { 'content-length': body.byteLength }),
  });
  if (body instanceof Readable) await pipeline(body, response);
  else response.end(body);
}

/**
 * Server-sent events (WHATWG HTML, 9.2): one JSON document each, and a comment every 15 s so that proxies and
 * dead connections are noticed. Ends when the iterable does, or when the client goes away.
 */
export async function answerEvents(
  response: ServerResponse,
  events: AsyncIterable<unknown>,
  signal: AbortSignal,
): Promise<void> {
  const iterator = events[Symbol.asyncIterator]();
  // The first event decides whether this is an answer or a refusal.
  let next = await iterator.next();
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  const gone = new Promise<'gone'>((resolve) => {
    if (signal.aborted) resolve('gone');
    signal.addEventListener('abort', () => resolve('gone'), { once: true });
  });
  try {
    while (!next.done && !signal.aborted) {
      response.write(`data: ${JSON.stringify(next.value)}\n\n`);
      const following = await Promise.race([iterator.next(), gone]);
      if (following === 'gone') break;
      next = following;
    }
  } finally {
    clearInterval(heartbeat);
    // Not awaited: a generator that waits for its next event would only return after it.
    void iterator.return?.()?.catch(() => {});
    response.end();
  }
}
