import { join } from 'node:path';
import { openMetrics } from '@preau/contract/metrics';
import { listenPrivately } from '@preau/identity/privateSocket';
import { flushTelemetry, startTelemetry } from '@preau/telemetry/start';
import { Assets } from './assets.ts';
import { createCertificates } from './certificates.ts';
import { createControl } from './control.ts';
import { createLog } from './log.ts';
import { Metrics } from './metrics.ts';
import { RouteTable } from './routes.ts';
import { createGateway } from './server.ts';
import { readSettings } from './settings.ts';
import { Wakes } from './wakes.ts';

/** Requests under way at SIGTERM get this long. */
const DRAIN_MILLISECONDS = 4_000;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLog(settings.LOG_LEVEL);
  await startTelemetry('gateway', (problem) => log.warn({ problem }, 'traces or logs are not delivered'));
  const publicUrl = new URL(settings.PREAU_PUBLIC_URL);
  const routes = new RouteTable(join(settings.DATA_DIR, 'gateway', 'routes.json'));
  const wakes = new Wakes(settings.OPERATOR_CONTROL, routes, log);
  const metrics = new Metrics(() => wakes.held);
  const gateway = createGateway({
    publicUrl,
    hubUrl: settings.HUB_URL,
    backendUrl: settings.BACKEND_URL,
    sandboxUrl: settings.SANDBOX_URL,
    statusUrl: settings.STATUS_URL,
    bodyLimitBytes: settings.BODY_LIMIT_BYTES,
    trustedProxies: settings.TRUSTED_PROXIES,
    maxConnections: settings.MAX_CONNECTIONS,
    routes,
    wakes,
    assets: new Assets(join(settings.DATA_DIR, 'releases')),
    metrics,
    log,
  });
  const control = createControl({
    domain: publicUrl.hostname,
    routes,
    metrics,
    isReady: () => gateway.listening,
  });
  await listenPrivately(control, settings.GATEWAY_CONTROL);
  const { METRICS_PORT: metricsPort, METRICS_BIND: host } = settings;
  const shown =
    metricsPort && openMetrics({ port: metricsPort, host }, () => metrics.families(routes.states()));

  const { CERTIFICATES_PORT: certificatesPort, SANDBOX_URL, STATUS_URL } = settings;
  const certificates = createCertificates({
    domain: publicUrl.hostname,
    routes,
    further: [...(SANDBOX_URL ? (['pay'] as const) : []), ...(STATUS_URL ? (['status'] as const) : [])],
  });
  if (certificatesPort) certificates.listen(certificatesPort, '127.0.0.1');

  gateway.once('error', (error: NodeJS.ErrnoException) => {
    const remedy =
      error.code === 'EADDRINUSE'
        ? `Port ${settings.PORT} is taken by another program. Stop it, or choose another: PORT=8081.`
        : error.code === 'EACCES'
          ? `Port ${settings.PORT} may not be opened by this user. Choose one above 1023, or grant CAP_NET_BIND_SERVICE.`
          : error.message;
    log.fatal({ port: settings.PORT, code: error.code }, remedy);
    process.exit(1);
  });
  gateway.listen({ port: settings.PORT, host: settings.HOST_BIND }, () => {
    log.info({ port: settings.PORT, routes: [...routes.entries()].length }, 'the gateway is open');
  });

  let leaving = false;
  const leave = () => {
    if (leaving) return;
    leaving = true;
    control.close();
    control.closeAllConnections();
    if (shown) shown.close();
    certificates.close();
    gateway.close(() => void flushTelemetry().finally(() => process.exit(0)));
    gateway.closeIdleConnections();
    // Sockets that never end by themselves (server-sent events, WebSockets) are cut when the time is over.
    setTimeout(() => process.exit(0), DRAIN_MILLISECONDS).unref();
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
