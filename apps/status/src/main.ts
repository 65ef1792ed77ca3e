import { openMetrics } from '@preau/contract/metrics';
import { pino } from 'pino';
import { History } from './history.ts';
import { Metrics } from './metrics.ts';
import { look, targetsOf } from './probe.ts';
import { createStatusServer } from './server.ts';
import { readSettings } from './settings.ts';

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = pino({ level: settings.LOG_LEVEL, base: { name: 'status' } });
  const publicUrl = settings.PREAU_PUBLIC_URL.replace(/\/$/, '');
  const { protocol, host } = new URL(publicUrl);
  const targets = targetsOf(publicUrl, settings.STATUS_SAMPLE_PLATFORM);
  const gateway = settings.GATEWAY_URL ? new URL(settings.GATEWAY_URL) : undefined;
  const history = new History(settings.DATA_DIR, (line) => log.warn(line));

  const components = targets.map(({ component }) => component);
  const metrics = new Metrics();

  const server = createStatusServer(() => ({
    history,
    components,
    publicUrl,
    origin: `${protocol}//status.${host}`,
    now: Date.now(),
  }));
  server.once('error', (error: NodeJS.ErrnoException) => {
    log.fatal({ port: settings.PORT, code: error.code }, `the port cannot be opened: ${error.message}`);
    process.exit(1);
  });
  server.listen({ port: settings.PORT, host: settings.HOST_BIND }, () =>
    log.info({ port: settings.PORT, targets: targets.length }, 'the status page is open'),
  );

  const { METRICS_PORT: metricsPort, METRICS_BIND } = settings;
  const shown =
    metricsPort &&
    openMetrics({ port: metricsPort, host: METRICS_BIND }, () => metrics.families(history, components));

  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  async function round(): Promise<void> {
    await Promise.all(
      targets.map(async (target) => {
        const began = performance.now();
        const finding = await look(target, gateway ?? target.url);
        if (stopped) return;
        metrics.observe(target.component, finding, (performance.now() - began) / 1_000);
        if (finding === 'bad')
          log.warn({ component: target.component }, 'a page does not answer as it should');
        history.note(target.component, finding, Date.now());
      }),
    );
    await history.save().catch((err: unknown) => log.error({ err }, 'the history could not be written'));
    if (!stopped) timer = setTimeout(() => void round(), settings.STATUS_PROBE_SECONDS * 1_000);
  }
  void round();

  const leave = () => {
    stopped = true;
    clearTimeout(timer);
    server.close();
    server.closeAllConnections();
    if (shown) shown.close();
    history.save().finally(() => process.exit(0));
  };
  process.once('SIGTERM', leave);
  process.once('SIGINT', leave);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
