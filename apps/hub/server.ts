import { createServer, type Server } from 'node:http';
import { serve } from '@preau/contract/handover';
import { Counter, Histogram, openMetrics, processFamilies } from '@preau/contract/metrics';
import { parentOf, requestSpan, within } from '@preau/telemetry';
import { shipped } from '@preau/telemetry/logs';
import { flushTelemetry, startTelemetry } from '@preau/telemetry/start';

/** How long an answer under way may take after SIGTERM; event streams are cut at once. */
const GRACE_MS = 3_000;
/** Longer than the gateway keeps its own connections, so that it never writes into a closing one. */
const KEEP_ALIVE_MS = 65_000;

const lines = shipped(process.stdout);

function log(level: 30 | 40, msg: string, fields: object): void {
  lines.write(`${JSON.stringify({ level, time: Date.now(), name: 'hub', msg, ...fields })}\n`);
}

const limits = {
  keepAliveTimeout: KEEP_ALIVE_MS,
  headersTimeout: 10_000,
  /** A webhook or a logo at a slow line's pace. */
  requestTimeout: 60_000,
  maxHeaderSize: 32 * 1024,
};
const MAX_CONNECTIONS = 5_000;

// adapter-node reads these when its handler loads: we always stand behind the gateway, which sets the headers.
process.env.PROTOCOL_HEADER ??= 'x-forwarded-proto';
process.env.HOST_HEADER ??= 'x-forwarded-host';
// A webhook may be 1 MiB, and a little more with what wraps it.
process.env.BODY_SIZE_LIMIT ??= '1200K';

await startTelemetry('hub', (problem) => log(40, 'traces or logs are not delivered', { problem }));
const { handler } = await import(new URL('./build/handler.js', import.meta.url).href);
const secure = process.env.PREAU_PUBLIC_URL?.startsWith('https:') === true;
const requests = new Counter('status');
const seconds = new Histogram();
let inFlight = 0;
const server = createServer(limits, (request, response) => {
  const began = performance.now();
  inFlight++;
  response.once('close', () => {
    inFlight--;
    requests.add({ status: `${Math.floor(response.statusCode / 100)}xx` });
    seconds.observe({}, (performance.now() - began) / 1000);
  });
  // Files of the build meet no hook (src/hooks.server.ts says the rest for pages).
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  // A page or an answer with a policy of its own sends that instead.
  response.setHeader('Content-Security-Policy', "frame-ancestors 'none'");
  if (secure) response.setHeader('Strict-Transport-Security', 'max-age=63072000; includeSubDomains');
  // Without the gateway in front (a health check of the launcher's) there are no forwarded headers.
  request.headers['x-forwarded-proto'] ??= 'http';
  request.headers['x-forwarded-host'] ??= request.headers.host;
  // `//host/…` is a path to us, but an address of somebody else's site to every parser after us.
  request.url = request.url?.replace(/^\/{2,}/, '/');
  const span = requestSpan(request, response, { parent: parentOf(request) });
  within(span, () =>
    handler(request, response, () => {
      response.statusCode = 404;
      response.end();
    }),
  );
});
server.maxConnections = MAX_CONNECTIONS;
const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? '127.0.0.1';
const say = (msg: string) => log(30, msg, { host, port });
let metrics: Server | undefined;
await serve(server, { port, host }, async (drain) => {
  say('a successor serves; ending what is under way');
  metrics?.close();
  await drain();
});
say('listening');

// On a listener of its own: the gateway passes every path of the other one on.
if (process.env.METRICS_PORT) {
  const ownProcess = processFamilies();
  metrics = openMetrics(
    { port: Number(process.env.METRICS_PORT), host: process.env.METRICS_BIND ?? '127.0.0.1' },
    () => [
      {
        name: 'preau_hub_requests_total',
        help: 'Requests answered.',
        type: 'counter',
        samples: requests.samples(),
      },
      {
        name: 'preau_hub_request_seconds',
        help: 'From the request to the end of the answer.',
        type: 'histogram',
        samples: seconds.samples(),
      },
      {
        name: 'preau_hub_in_flight',
        help: 'Requests under way.',
        type: 'gauge',
        samples: [{ value: inFlight }],
      },
      ...ownProcess(),
    ],
  );
  metrics.unref();
}

function stop() {
  server.close(() => void flushTelemetry().finally(() => process.exit(0)));
  server.closeIdleConnections();
  setTimeout(() => {
    server.closeAllConnections();
    process.exit(0);
  }, GRACE_MS).unref();
}
process.once('SIGTERM', stop);
process.once('SIGINT', stop);
