import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { BlockList } from 'node:net';
import type { Duplex } from 'node:stream';
import { latencyBounds } from '@preau/contract/gateway';
import { inSpan, requestSpan, type Span, traceFields, within } from '@preau/telemetry';
import type { Logger } from 'pino';
import { isActivity, isHealthCheck, isSubmission } from './activity.ts';
import { Assets } from './assets.ts';
import type { Forwarded } from './headers.ts';
import { clientAddress, HSTS } from './headers.ts';
import type { Destination } from './host.ts';
import { destination } from './host.ts';
import { loggedPath } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { Scene } from './page/page.ts';
import { answer, answerWith } from './page/page.ts';
import type { Situation } from './page/words.ts';
import type { Failure } from './proxy.ts';
import { forward } from './proxy.ts';
import type { Entry, RouteTable, Traffic } from './routes.ts';
import { answerHead, joinWebSocket, wantsWebSocket } from './upgrade.ts';
import { Upstream } from './upstream.ts';
import type { Wakes } from './wakes.ts';

const MAX_HEADER_BYTES = 32 * 1024;
const MAX_HEADERS = 100;
const BODY_SILENCE_MILLISECONDS = 30_000;
const HEADERS_MILLISECONDS = 15_000;
/** The whole request, body included: a 512 MiB upload at 1 MiB/s. */
const REQUEST_MILLISECONDS = 10 * 60_000;
const KEEP_ALIVE_MILLISECONDS = 65_000;
/** How long a request to a sleeping platform waits for it before it is told to come again. */
const HOLD_MILLISECONDS = 2_000;
/** A form that was sent off waits for longer: its sender could not send it again. */
const HOLD_SUBMISSION_MILLISECONDS = 20_000;
/** A watcher that met a sleeping platform may look again, but it will not be woken for that. */
const WATCHERS_RETRY_SECONDS = 600;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

export interface GatewayOptions {
  publicUrl: URL;
  hubUrl: string;
  backendUrl: string;
  sandboxUrl?: string | undefined;
  statusUrl?: string | undefined;
  bodyLimitBytes: number;
  trustedProxies: BlockList;
  maxConnections: number;
  /** How long a body that is on its way may stand still; 30 s unless a test cannot wait. */
  bodySilenceMs?: number;
  /** How long a request waits for a sleeping platform; 2 s unless a test cannot wait. */
  holdMs?: number;
  routes: RouteTable;
  wakes: Wakes;
  assets: Assets;
  metrics: Metrics;
  log: Logger;
}

/** Where one request goes: a process, or a page of our own. */
type Target =
  | { part: string; host: string; upstream: () => Upstream | undefined; entry?: Entry; whenDown: Situation }
  | {
      part: string;
      host?: string;
      situation: Situation;
      entry?: Entry | undefined;
      retryAfterSeconds?: number | undefined;
    };

const SITUATION_OF_FAILURE: Readonly<Partial<Record<Failure, Situation>>> = {
  slow: 'slow',
  'too-large': 'too-large',
  unsendable: 'malformed',
  stalled: 'stalled',
};

/** The public server; the caller listens and closes. */
export function createGateway(options: GatewayOptions): Server {
  const { publicUrl, routes, wakes, assets, metrics, log, bodyLimitBytes } = options;
  const domain = publicUrl.hostname;
  const proto = publicUrl.protocol === 'https:' ? 'https' : 'http';
  const portSuffix = publicUrl.port === '' ? '' : `:${publicUrl.port}`;
  const backend = new Upstream(options.backendUrl);
  const optional = (url: string | undefined) => (url === undefined ? undefined : new Upstream(url));
  const fixed = {
    hub: new Upstream(options.hubUrl),
    backend,
    content: backend,
    sandbox: optional(options.sandboxUrl),
    status: optional(options.statusUrl),
  };

  function target(request: IncomingMessage): Target | 'www' | 'health' {
    const found: Destination = onlyHost(request)
      ? destination(request.headers.host, domain, (host) => routes.has(host))
      : { kind: 'malformed' };
    // Origin form only (RFC 9112 3.2.1); "*" belongs to OPTIONS and concerns no application of ours.
    const pairs = request.rawHeaders.length;
    if (found.kind === 'malformed' || pairs > 2 * MAX_HEADERS || !request.url?.startsWith('/'))
      return { part: 'none', situation: 'malformed' };
    if (!METHODS.has(request.method ?? '')) return { part: 'none', host: found.host, situation: 'method' };
    const { kind, host } = found;
    if (kind === 'foreign') {
      return request.url === '/healthz' ? 'health' : { part: 'none', host, situation: 'misdirected' };
    }
    if (kind === 'www') return 'www';
    if (kind !== 'platform') {
      const upstream = fixed[kind];
      return upstream === undefined
        ? { part: 'none', host, situation: 'misdirected' }
        : { part: kind, host, upstream: () => upstream, whenDown: 'service-down' };
    }
    const entry = routes.get(host);
    if (entry === undefined) return { part: 'platform', host, situation: 'unknown' };
    const pause = entry.state === 'sleeping' ? wakes.pause(host) : undefined;
    if (pause !== undefined)
      return { part: 'platform', host, situation: 'failed', entry, retryAfterSeconds: pause };
    if (entry.state !== 'live') return { part: 'platform', host, situation: entry.state, entry };
    return {
      part: 'platform',
      host,
      entry,
      whenDown: 'down',
      upstream: () => liveUpstream(routes.get(host)),
    };
  }

  const scene = (situation: Situation, aim: Target, request: IncomingMessage, requestId: string): Scene => ({
    situation,
    requestId,
    publicUrl,
    host: aim.host,
    address: `${proto}://${aim.host ?? domain}${portSuffix}${request.url ?? '/'}`,
    name: aim.entry?.name,
    locale: aim.entry?.locale,
    retryAfterSeconds: 'situation' in aim && aim.situation === situation ? aim.retryAfterSeconds : undefined,
  });

  /** Where a request goes once a platform that sleeps has been woken for it, or it has waited long enough. */
  async function wakened(request: IncomingMessage, asleep: Asleep, gone: AbortSignal): Promise<Target> {
    if (!isActivity(request)) return { ...asleep, retryAfterSeconds: WATCHERS_RETRY_SECONDS };
    const submission = isSubmission(request);
    await wakes.hold(
      asleep.host ?? '',
      submission ? HOLD_SUBMISSION_MILLISECONDS : (options.holdMs ?? HOLD_MILLISECONDS),
      gone,
    );
    const now = target(request);
    if (typeof now === 'string') return asleep;
    return submission && isAsleep(now) ? { ...now, situation: 'unsent' } : now;
  }

  const forwardedFor = (
    request: IncomingMessage,
    host: string,
    requestId: string,
    span?: Span,
  ): Forwarded => ({
    clientAddress: clientAddress(request, options.trustedProxies),
    proto,
    authority: host + portSuffix,
    requestId,
    traceparent: span?.traceparent,
  });

  /** Counts and logs one request when its answer is over. */
  function account(request: IncomingMessage, aim: Target, requestId: string, span?: Span) {
    const began = performance.now();
    const traffic = aim.entry?.traffic;
    // A connection that is kept carries one answer after the other.
    const { socket } = request;
    const sentBefore = socket.bytesWritten;
    const active = isActivity(request);
    metrics.inFlight++;
    if (traffic !== undefined) {
      traffic.requests++;
      traffic.inFlight++;
      traffic.lastRequestAt = Date.now();
      if (active) traffic.active++;
    }
    /** @param ours whether the answer was the gateway's own page: no error of the instance */
    return (status: number, aborted: boolean, ours: boolean) => {
      const ms = performance.now() - began;
      metrics.inFlight--;
      metrics.observe(aim.part, status, ms);
      if (traffic !== undefined) {
        traffic.inFlight--;
        traffic.bytesSent += socket.bytesWritten - sentBefore;
        // A WebSocket lasts as long as it is used.
        if (status !== 101) countLatency(traffic, ms / 1000);
        if (active) {
          traffic.active--;
          traffic.lastActiveAt = Date.now();
        }
        if (status >= 500 && !ours) traffic.serverErrors++;
      }
      log.info(
        {
          host: aim.host,
          method: request.method,
          path: loggedPath(request.url),
          status,
          ms: Math.round(ms * 10) / 10,
          requestId,
          ...traceFields(span),
          ...(aborted ? { aborted } : {}),
        },
        'request',
      );
    };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const found = target(request);
    if (found === 'health') {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"status":"ok"}');
      return;
    }
    const requestId = randomUUID();
    if (found === 'www') {
      const where = new URL(request.url ?? '/', publicUrl.origin);
      response
        .writeHead(308, {
          Location: publicUrl.origin + where.pathname + where.search,
          'X-Content-Type-Options': 'nosniff',
          ...(proto === 'https' ? { 'Strict-Transport-Security': HSTS } : {}),
        })
        .end();
      return;
    }
    let aim = found;
    const span = requestSpan(request, response, {
      attributes: () => ({
        'server.address': aim.host,
        'url.scheme': proto,
        'url.path': loggedPath(request.url),
        'preau.part': aim.part,
        'preau.request_id': requestId,
      }),
    });
    span?.rename(`${request.method} ${aim.part}`);
    const done = account(request, aim, requestId, span);
    let began = performance.now();
    let asked: Upstream | undefined;
    // Only who waits for a sleeper needs to know: an aborted signal makes an exception, which is dear.
    let gone: AbortController | undefined;
    response.once('close', () => {
      gone?.abort();
      done(response.statusCode, !response.writableFinished, 'situation' in aim);
      // A stream of events says nothing about how fast a process is.
      if (response.writableFinished && !request.headers.accept?.includes('text/event-stream'))
        asked?.observe(response.statusCode, performance.now() - began);
    });
    if (isAsleep(aim)) {
      if (isHealthCheck(request)) {
        // Asleep is sound: whoever watches over the platform is told so, and does not wake it.
        response
          .writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' })
          .end('{"status":"sleeping"}');
        return;
      }
      const waiting = new AbortController();
      gone = waiting;
      const asleep = aim;
      aim = await within(span, () => inSpan('hold', {}, () => wakened(request, asleep, waiting.signal)));
      if (response.destroyed) return;
      // Waking is not the process's time.
      began = performance.now();
    }
    if ('situation' in aim)
      return answerWith(scene(aim.situation, aim, request, requestId), request, response);
    if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) {
      return answerWith(scene('too-large', aim, request, requestId), request, response);
    }
    const failure = await forward({
      request,
      response,
      bodyLimitBytes,
      bodySilenceMs: options.bodySilenceMs ?? BODY_SILENCE_MILLISECONDS,
      forwarded: forwardedFor(request, aim.host, requestId, span),
      upstream: () => {
        asked = aim.upstream();
        return asked;
      },
      mayBeElsewhere: aim.part === 'platform' && Assets.concerns(request),
    });
    if (failure === undefined) return;
    if (failure === 'missing') return assets.serve(request, response);
    metrics.fail(aim.part, failure);
    log.warn({ host: aim.host, requestId, failure }, 'no answer from the process behind');
    const now = aim.part === 'platform' ? routes.get(aim.host) : undefined;
    // The route may have changed meanwhile (a suspension, a restart): say what is true now.
    const situation =
      SITUATION_OF_FAILURE[failure] ?? (now !== undefined && now.state !== 'live' ? now.state : aim.whenDown);
    answerWith(scene(situation, aim, request, requestId), request, response);
  }

  async function upgrade(request: IncomingMessage, socket: Duplex, early: Buffer): Promise<void> {
    const aim = target(request);
    const requestId = randomUUID();
    let where: Target = typeof aim === 'string' ? { part: 'none', situation: 'misdirected' } : aim;
    const done = account(request, where, requestId);
    if (isAsleep(where)) {
      const gone = new AbortController();
      const leave = () => gone.abort();
      socket.once('close', leave).once('error', leave);
      where = await wakened(request, where, gone.signal);
      socket.off('close', leave).off('error', leave);
      if (socket.destroyed) return done(499, true, true);
    }
    const upstream = 'upstream' in where ? where.upstream() : undefined;
    if ('situation' in where || upstream === undefined) {
      const situation = 'situation' in where ? where.situation : where.whenDown;
      const { status, headers, body } = answer(scene(situation, where, request, requestId), request);
      socket.on('error', () => socket.destroy());
      socket.end(answerHead(status, [...Object.entries(headers).flat(), 'Connection', 'close']) + body);
      return done(status, false, true);
    }
    metrics.webSockets++;
    socket.once('close', () => {
      metrics.webSockets--;
    });
    const status = await joinWebSocket(
      request,
      socket,
      early,
      upstream,
      forwardedFor(request, where.host, requestId),
    );
    if (socket.destroyed) done(status, false, false);
    else socket.once('close', () => done(status, false, false));
  }

  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_MILLISECONDS,
      requestTimeout: REQUEST_MILLISECONDS,
      keepAliveTimeout: KEEP_ALIVE_MILLISECONDS,
      connectionsCheckingInterval: 5_000,
      insecureHTTPParser: false,
      requireHostHeader: true,
      shouldUpgradeCallback: wantsWebSocket,
    },
    (request, response) => {
      serve(request, response).catch((error: unknown) => {
        log.error({ err: error }, 'the gateway itself failed');
        response.destroy();
      });
    },
  );
  server.maxConnections = options.maxConnections;
  server.on('upgrade', (request, socket, early) => {
    upgrade(request, socket, early).catch((error: unknown) => {
      log.error({ err: error }, 'the gateway itself failed');
      socket.destroy();
    });
  });
  return server;
}

function countLatency({ latency }: Traffic, seconds: number): void {
  const within = latencyBounds.findIndex((bound) => seconds <= bound);
  const index = within < 0 ? latencyBounds.length : within;
  latency[index] = (latency[index] ?? 0) + 1;
}

type Asleep = Extract<Target, { situation: Situation }>;

const isAsleep = (aim: Target): aim is Asleep => 'situation' in aim && aim.situation === 'sleeping';

const liveUpstream = (entry: Entry | undefined): Upstream | undefined =>
  entry?.state === 'live' ? entry.upstream : undefined;

/** Two Host headers make two readers disagree (RFC 9112 3.2): refused. */
function onlyHost(request: IncomingMessage): boolean {
  let seen = 0;
  for (let i = 0; i < request.rawHeaders.length; i += 2) {
    if (request.rawHeaders[i]?.toLowerCase() === 'host') seen++;
  }
  return seen === 1;
}
