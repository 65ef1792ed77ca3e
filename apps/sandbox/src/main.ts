import { Clock } from './clock.ts';
import { Store } from './database/store.ts';
import { Deliverer } from './event/delivery.ts';
import { createLog } from './log.ts';
import { createSandbox } from './server.ts';
import { readSettings } from './settings.ts';

const LEAVE_MILLISECONDS = 4_000;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = createLog(settings.LOG_LEVEL);
  const store = new Store(settings.SANDBOX_DATABASE_URL);
  const clock = new Clock(store, log);
  const deliverer = new Deliverer({
    store,
    log,
    url: settings.SANDBOX_WEBHOOK_URL,
    secrets: settings.SANDBOX_WEBHOOK_SECRET,
  });
  let ready = false;
  const server = createSandbox({
    store,
    clock,
    log,
    apiKey: settings.SANDBOX_API_KEY,
    publicUrl: settings.SANDBOX_PUBLIC_URL,
    panel: settings.SANDBOX_PANEL,
    isReady: () => ready,
  });
  server.once('error', (error: NodeJS.ErrnoException) => {
    log.fatal({ port: settings.PORT, code: error.code }, `the port cannot be opened: ${error.message}`);
    process.exit(1);
  });
  server.listen({ port: settings.PORT, host: settings.HOST_BIND });
  await store.migrate();
  await store.tidy();
  clock.start();
  deliverer.start();
  ready = true;
  log.info({ port: settings.PORT }, 'the sandbox provider is open');

  let leaving = false;
  const leave = () => {
    if (leaving) return;
    leaving = true;
    ready = false;
    setTimeout(() => process.exit(0), LEAVE_MILLISECONDS).unref();
    server.close();
    server.closeIdleConnections();
    Promise.all([clock.stop(), deliverer.stop()])
      .then(() => store.close())
      .then(
        () => process.exit(0),
        () => process.exit(1),
      );
  };
  process.on('SIGTERM', leave);
  process.on('SIGINT', leave);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
