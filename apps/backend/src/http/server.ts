import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Locale, Operation, RateLimit } from '@preau/contract';
import { nameRequest, parentOf, requestSpan, within } from '@preau/telemetry';
import type { App } from '../app.ts';
import { acting, actOf } from '../audit/act.ts';
import { networkOf, type Visitor } from '../authentication/visitor.ts';
import { inScope, type Scope } from '../database/scope.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { loggedPath } from '../packages/address.ts';
import { noting, unasked } from '../policies/policy.ts';
import { requireScope, witness } from '../support/witness.ts';
import { answerBinary, answerEmpty, answerEvents, answerJson, answerProblem, setHeaders } from './answer.ts';
import { readBytes, readJson, readQuery } from './body.ts';
import type { Caller } from './caller.ts';
import { Denials } from './denials.ts';
import type { Identifier } from './identify.ts';
import type { BinaryAnswer, Implementation } from './implement.ts';
import type { RateLimits } from './limits.ts';
import { Problem } from './problem.ts';
import { problemOf } from './problemOf.ts';
import { Router } from './router.ts';
import { digestOf } from './secret.ts';
import { refuseUnread } from './unread.ts';
import { validate } from './validate.ts';

const HEADERS_TIMEOUT_MS = 10_000;
/** A whole upload must fit in. */
const REQUEST_TIMEOUT_MS = 300_000;
const KEEP_ALIVE_MS = 65_000;
const MAX_HEADER_BYTES = 16 * 1024;
const MAX_TARGET_LENGTH = 8 * 1024;
const MAX_CONNECTIONS = 5_000;
/** Of a body that nobody asked for, this much is read, for this long, before it is refused. */
const READ_OUT = { bytes: 1024 * 1024, ms: 2_000 };
const HSTS = 'max-age=63072000; includeSubDomains';
const REQUEST_ID = /^[\w-]{8,64}$/;
const ADDRESS = /^[\da-f.:]{2,45}$/i;

/** Files of tenants, Payload's endpoints, addresses that lead nowhere. */
const NO_OPERATION = { operation: 'none', identity: 'none' };

/** A route that is no operation of the contract: health, the OpenAPI document, Payload's own endpoints. */
export type Extra = (exchange: Exchange) => Promise<void>;

export interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  path: string;
  queryText: string;
  locale: Locale;
  requestId: string;
  /** Headers of every answer, as flat pairs: set before, or written with, its head. */
  own: readonly string[];
  /** What it turned out to be and by whom, for the counters and the log. */
  asked: { operation: string; identity: string; caller?: Caller };
}

export interface ServerParts {
  app: App;
  implementations: readonly Implementation[];
  identifier: Identifier;
  limits: RateLimits;
  metrics: Metrics;
  /** Serves the hosts of untrusted content; false for every other host. */
  content: (exchange: Exchange) => Promise<boolean>;
  /** By path, by a prefix that ends in `/`, or by one that ends in a star for one more segment. */
  extras: ReadonlyMap<string, Extra>;
}

/** The API over node:http: one operation of the contract for each route, everything else a problem document. */
export function createApi(parts: ServerParts): Server {
  const { app, identifier, limits, metrics, content, extras } = parts;
  const router = new Router(parts.implementations);
  const platform = app.db({ kind: 'platform' });
  const denials = new Denials(app.log, (labels) => metrics.denied(labels));
  const secure = app.settings.PREAU_PUBLIC_URL.startsWith('https:');
  const always = [
    'x-content-type-options',
    'nosniff',
    // For browsers that are led here: an answer of the API is no page, and nobody else's to embed.
    'content-security-policy',
    "default-src 'none'; frame-ancestors 'none'",
    'cross-origin-resource-policy',
    'same-origin',
    ...(secure ? ['strict-transport-security', HSTS] : []),
  ];
  /** In development and tests our own bugs are found at once. */
  const checked = app.settings.NODE_ENV !== 'production';

  function extraOf(path: string): Extra | undefined {
    const exact = extras.get(path);
    if (exact) return exact;
    for (const [prefix, extra] of extras) {
      if (prefix.endsWith('/') && path.startsWith(prefix)) return extra;
      const parent = path.slice(0, path.lastIndexOf('/') + 1);
      if (prefix.endsWith('/*') && parent === prefix.slice(0, -1)) return extra;
    }
    return undefined;
  }

  async function operate(exchange: Exchange): Promise<void> {
    const { request, response, path, queryText, locale, requestId, own } = exchange;
    const match = router.match(request.method ?? 'GET', path);
    if (!match.found) {
      if (match.methods.length === 0) throw new Problem('not-found');
      response.setHeader('allow', match.methods.join(', '));
      throw new Problem('method-not-allowed');
    }
    const { operation, handler } = match.found;
    exchange.asked.operation = operation.id;
    exchange.asked.identity = operation.identity;
    nameRequest(operation.method, operation.path);
    const caller = await identifier.identify(request, operation);
    exchange.asked.caller = caller;
    limits.countPerson(caller);
    const clientAddress = addressOf(request, caller);
    for (const limit of operation.limits ?? []) {
      if (limit.by !== 'email') limits.count(operation.id, limit, limitKey(limit, caller, clientAddress));
    }
    const scope: Scope =
      'tenantId' in caller ? { kind: 'tenant', tenantId: caller.tenantId } : { kind: 'platform' };
    const db = app.db(scope);
    const act = actOf(caller, clientAddress, requestId);
    const support = caller.kind === 'user' ? caller.support : undefined;
    const logs = { tenant: db, platform };
    if (support) await acting(act, () => requireScope(logs, support, operation));
    const params = operation.params && validate(operation.params, match.params, locale);
    const query = operation.query && validate(operation.query, readQuery(queryText), locale);
    const body = await bodyOf(operation, request, locale);
    for (const limit of operation.limits ?? []) {
      if (limit.by === 'email') limits.count(operation.id, limit, emailKey(body, caller));
    }

    const gone = new AbortController();
    response.once('close', () => {
      // Aborting costs as much as a small query: only for those who left before the end.
      if (!response.writableFinished) gone.abort();
    });
    const work = async () => {
      if (support) await witness(logs, support, operation, match.params);
      return handler({
        params,
        query,
        body,
        caller,
        app,
        db,
        scoped: app.db,
        locale,
        requestId,
        clientAddress,
        visitor: visitorOf(request, clientAddress),
        signal: gone.signal,
        request,
      });
    };
    const result = await acting(act, () =>
      inScope(scope, () => (checked ? checkPolicies(operation, work) : work())),
    );
    // Whatever was changed may have been about the session itself.
    if (operation.method !== 'GET' && !operation.leavesSession) identifier.forget(request);
    switch (operation.kind) {
      case 'json':
        if (checked) requireContract(operation, result);
        return answerJson(response, operation.status, result, own);
      case 'empty':
        return answerEmpty(response, operation.status, own);
      case 'binary':
        setHeaders(response, own);
        return answerBinary(response, operation.status, result as BinaryAnswer);
      case 'events':
        setHeaders(response, own);
        return answerEvents(response, result as AsyncIterable<unknown>, gone.signal);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const given = request.headers['x-request-id'];
    const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    const locale = localeOf(request);
    const span = requestSpan(request, response, {
      parent: parentOf(request),
      attributes: () => ({ 'preau.request_id': requestId }),
    });
    const began = performance.now();
    const asked: Exchange['asked'] = { ...NO_OPERATION };
    response.once('close', () => metrics.observe(asked, response.statusCode, performance.now() - began));
    const own = ['x-request-id', requestId, ...always];
    try {
      const target = request.url ?? '/';
      if (target.length > MAX_TARGET_LENGTH) throw new Problem('malformed-request');
      const mark = target.indexOf('?');
      const path = mark < 0 ? target : target.slice(0, mark);
      const exchange = {
        request,
        response,
        path,
        queryText: mark < 0 ? '' : target.slice(mark + 1),
        locale,
        requestId,
        own,
        asked,
      };
      await within(span, async () => {
        if (await content(exchange)) return;
        const extra = extraOf(path);
        if (!extra) return operate(exchange);
        setHeaders(response, own);
        await extra(exchange);
      });
    } catch (error) {
      await within(span, () => fail(error, { request, response, locale, requestId, own, asked }));
    }
  }

  async function fail(
    error: unknown,
    {
      request,
      response,
      locale,
      requestId,
      own,
      asked,
    }: Pick<Exchange, 'request' | 'response' | 'locale' | 'requestId' | 'own' | 'asked'>,
  ): Promise<void> {
    const problem = problemOf(error);
    const { method } = request;
    const path = loggedPath(request.url);
    denials.note(problem, asked, { requestId, method, path });
    // A client that hung up is nobody's fault.
    if (request.errored || request.socket.destroyed) return;
    if (problem.status >= 500) {
      // What we refuse on purpose (a part of the house is away) is no fault of this process.
      app.log[error instanceof Problem ? 'warn' : 'error']({ err: error, requestId, method, path }, 'failed');
    }
    if (response.headersSent) {
      response.destroy();
      return;
    }
    await readOut(request);
    if (request.socket.destroyed) return;
    // What was not read of the body would be taken for the next request.
    setHeaders(response, own);
    const headers: Record<string, string> = request.complete ? {} : { connection: 'close' };
    answerProblem(response, problem, { locale, reference: requestId, headers });
  }

  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
    },
    (request, response) => void serve(request, response),
  );
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', refuseUnread);
  return server;
}

async function bodyOf(operation: Operation, request: IncomingMessage, locale: Locale): Promise<unknown> {
  if (operation.bodyKind === 'bytes') return readBytes(request, operation.maxBytes);
  if (!operation.body) return undefined;
  return validate(operation.body, await readJson(request, operation.maxBytes), locale);
}

function localeOf(request: IncomingMessage): Locale {
  const wanted = request.headers['accept-language'];
  if (!wanted) return 'fr';
  for (const part of wanted.split(',', 10)) {
    const language = part.trim().slice(0, 2).toLowerCase();
    if (language === 'fr' || language === 'en') return language;
  }
  return 'fr';
}

/**
 * Reads a body to its end that nobody asked for. An answer before that closes the connection under the sender, who may
 * lose it with what was still under way (RFC 9112, 9.6). A long one is cut off all the same.
 */
async function readOut(request: IncomingMessage): Promise<void> {
  if (request.complete || !(Number(request.headers['content-length']) <= READ_OUT.bytes)) return;
  request.resume();
  await once(request, 'end', { signal: AbortSignal.timeout(READ_OUT.ms) }).catch(() => undefined);
}

/** The visitor's address: as the hub or an instance reports it, else the gateway's, else the socket's. */
function addressOf(request: IncomingMessage, caller: Caller): string {
  const reported =
    caller.kind === 'anonymous'
      ? request.headers['x-forwarded-for']
      : (request.headers['preau-client-address'] ?? request.headers['x-forwarded-for']);
  const first = typeof reported === 'string' ? (reported.split(',', 1)[0] ?? '').trim() : '';
  return ADDRESS.test(first) ? first : (request.socket.remoteAddress ?? '');
}

const MAX_USER_AGENT = 500;
const MAX_DEVICE = 1_200;

/** What the hub or an instance says of the browser behind a call; percent-encoded, as headers are ASCII. */
function visitorOf(request: IncomingMessage, address: string): Visitor {
  const { 'preau-user-agent': agent, 'preau-device': device, 'preau-session': session } = request.headers;
  return {
    address,
    userAgent: typeof agent === 'string' ? decoded(agent).slice(0, MAX_USER_AGENT) : null,
    device: typeof device === 'string' && device.length <= MAX_DEVICE ? device : null,
    // For the few who ask: a digest for each request is dear.
    get session() {
      return typeof session === 'string' ? digestOf(session) : null;
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function limitKey(limit: RateLimit, caller: Caller, address: string): string {
  if (limit.by === 'network') return networkOf(address);
  switch (caller.kind) {
    case 'anonymous':
      return networkOf(address);
    case 'service':
      return `${caller.service} ${networkOf(address)}`;
    case 'account':
      return caller.account.id;
    case 'staff':
      return caller.staff.id;
    case 'instance':
      return caller.instanceId;
    case 'user':
      return caller.user.id;
  }
}

function emailKey(body: unknown, caller: Caller): string {
  const email = typeof body === 'object' && body !== null && 'email' in body ? String(body.email) : '';
  return 'tenantId' in caller ? `${caller.tenantId} ${email}` : email;
}

/** An answer about an object that no policy was asked about would be an answer to anybody. */
async function checkPolicies(operation: Operation, work: () => Promise<unknown>): Promise<unknown> {
  const { result, nouns } = await noting(work);
  const fault = unasked(operation, nouns);
  if (fault) throw new Error(fault);
  return result;
}

/** An answer that breaks the contract. */
function requireContract(operation: Operation, result: unknown): void {
  if (!operation.response) return;
  const parsed = operation.response.safeParse(JSON.parse(JSON.stringify(result ?? null)));
  if (!parsed.success)
    throw new Error(`${operation.id}: the answer breaks the contract`, { cause: parsed.error });
}
