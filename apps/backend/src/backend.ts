import type { Server } from 'node:http';
import { join } from 'node:path';
import { serve } from '@preau/contract/handover';
import { openMetrics } from '@preau/contract/metrics';
import { openApi } from '@preau/contract/openapi';
import type { App } from './app.ts';
import { clamav } from './assets/clamav.ts';
import { openBackups } from './backups/place.ts';
import { keepWhole } from './backups/whole/keeper.ts';
import { startChores } from './chores.ts';
import { openDb } from './database/db.ts';
import { Notifications } from './database/events.ts';
import { migrate } from './database/migrate.ts';
import { ScopedPool } from './database/pool.ts';
import { openFileStore } from './files/open.ts';
import { answerJson } from './http/answer.ts';
import { Bearers } from './http/bearers.ts';
import { contractGaps } from './http/completeness.ts';
import { Identifier } from './http/identify.ts';
import { RateLimits } from './http/limits.ts';
import { payloadEndpoints } from './http/payloadEndpoints.ts';
import { createApi, type Extra } from './http/server.ts';
import { readOwners } from './instances/keys.ts';
import { openJobs } from './jobs/jobs.ts';
import { openLog } from './log.ts';
import { Metrics } from './metrics/metrics.ts';
import { implementations } from './operations.ts';
import { contentServer } from './packages/serve.ts';
import { openPictures } from './pictures/process.ts';
import { seed } from './seed/seed.ts';
import type { Settings } from './settings.ts';
import { TUS_PATH, tusEndpoint } from './uploads/tus.ts';

const STOP_TIMEOUT_MS = 4_000;

export interface Backend {
  app: App;
  port: number;
  stop(): Promise<void>;
}

/** Brings the schema up to date, then serves the API until `stop`. */
export async function startBackend(settings: Settings): Promise<Backend> {
  const log = openLog(settings.LOG_LEVEL);
  const gaps = contractGaps(implementations);
  if (gaps.length > 0 && settings.NODE_ENV === 'production') {
    throw new Error(`The API is not complete:\n- ${gaps.join('\n- ')}`);
  }
  if (gaps.length > 0) log.warn({ gaps }, 'the API is not complete');
  await migrate(settings.DATABASE_OWNER_URL, (line) => log.info(line));

  const pool = new ScopedPool({
    platformUrl: settings.DATABASE_PLATFORM_URL,
    tenantUrl: settings.DATABASE_TENANT_URL,
    size: settings.DATABASE_POOL_SIZE,
    binding: settings.DATABASE_BINDING,
  });
  pool.on('idle-error', (err) => log.warn({ err }, 'an idle database connection broke'));
  pool.on('slow-statement', (slow) => log.warn(slow, 'a statement took long'));
  const notifications = new Notifications(settings.DATABASE_LISTEN_URL ?? settings.DATABASE_PLATFORM_URL);
  await notifications.start();
  const files = await openFileStore(settings);
  await files.check();
  const backups = await openBackups(settings);
  const jobs = openJobs(() => app);
  const pictures = openPictures();
  const app: App = {
    settings,
    log,
    notifications,
    jobs,
    files,
    backups,
    pictures,
    staging: join(settings.DATA_DIR, 'uploads'),
    scanner: settings.CLAMD_URL ? clamav(settings.CLAMD_URL) : null,
    db: (scope) => openDb(pool, scope),
  };
  await seed(app);
  const chores = startChores(app);
  const { DATABASE_REPLICATION_URL } = settings;
  const keeper = backups && DATABASE_REPLICATION_URL && keepWhole(app, backups, DATABASE_REPLICATION_URL);

  const platform = app.db({ kind: 'platform' });
  const bearers = new Bearers(
    (kids) => readOwners(platform, kids),
    settings.SERVICE_KEYS_FILE,
    notifications,
  );
  const identifier = new Identifier(app.db, bearers, app.settings.PAYLOAD_SECRET);
  const limits = new RateLimits(settings.RATE_LIMIT_FACTOR);
  const metrics = new Metrics();
  const server = createApi({
    app,
    metrics,
    implementations,
    identifier,
    limits,
    content: contentServer(app),
    extras: new Map([
      ...ownRoutes(app),
      ...uploadRoutes(app, identifier),
      ...payloadEndpoints(app, pool, { identifier, limits }),
    ]),
  });
  const { METRICS_PORT, METRICS_BIND } = settings;
  let shown: Server | undefined;
  let leaving: Promise<void> | undefined;
  async function leave(drain: () => Promise<void>): Promise<void> {
    log.info('a successor serves; ending what is under way');
    shown?.close();
    await chores.stop();
    await drain();
    // Not before: a request under way may begin a job.
    await jobs.stop();
    pictures.stop();
    await notifications.stop();
    await pool.end();
  }
  const port = await serve(server, { port: settings.PORT, host: settings.HOST_BIND }, (drain) => {
    leaving = leave(drain);
    return leaving;
  });
  if (METRICS_PORT)
    shown = openMetrics({ port: METRICS_PORT, host: METRICS_BIND }, () => metrics.families(pool, platform));
  log.info({ port }, 'ready');
  return {
    app,
    port,
    async stop() {
      // Event streams do not end by themselves.
      setTimeout(() => server.closeAllConnections(), STOP_TIMEOUT_MS / 4).unref();
      if (leaving) return leaving;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      shown?.close();
      await chores.stop();
      if (keeper) await keeper.stop();
      await jobs.stop();
      pictures.stop();
      await closed;
      await notifications.stop();
      await pool.end();
    },
  };
}

/** tus answers beside the operations that make something of what was sent. */
function uploadRoutes(app: App, identifier: Identifier): Map<string, Extra> {
  const tus = tusEndpoint(app, identifier);
  return new Map([
    [TUS_PATH, tus],
    [`${TUS_PATH}/*`, tus],
  ]);
}

function ownRoutes(app: App): Map<string, Extra> {
  const { protocol, host } = new URL(app.settings.PREAU_PUBLIC_URL);
  const document = openApi(`${protocol}//api.${host}`);
  return new Map<string, Extra>([
    ['/healthz', async ({ response }) => answerJson(response, 200, { status: 'ok' })],
    ['/v1/openapi.json', async ({ response }) => answerJson(response, 200, document)],
  ]);
}
