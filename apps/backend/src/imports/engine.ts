import { randomUUID } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import type { App } from '../app.ts';
import type { ImportRef } from './job.ts';
import { importFile, leaveImports, serveImports } from './workflow.ts';

const SCHEMA = 'jobs';
const POOL_SIZE = 3;
/** Imports send each other nothing: DBOS would look a hundred times a second whether one did. */
const NOTIFY_MS = 1_000;
const HEARTBEAT_MS = 2_000;
/** An executor that has not said anything for this long is taken for dead. */
const LEASE_SECONDS = 10;
const JANITOR_MS = 5_000;
const SHUTDOWN_MS = 1_000;
/** One package is read at a time: reading takes a core and memory that requests need. */
const QUEUE = 'imports';
const CONCURRENCY = 1;
const POLL_MS = 200;
/** Any number, the same in every backend. */
const SWEEP_LOCK = 7_276_302;
/** One name for every build: an executor recovers work of its own version only. */
const APPLICATION_VERSION = 'backend';

export interface Engine {
  startImport(ref: ImportRef): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Starts DBOS with an executor id that no other process ever has, and goes on with what dead processes left.
 * A process may do this once at a time.
 */
export async function startEngine(app: App): Promise<Engine> {
  const { log, settings } = app;
  const executor = randomUUID();
  serveImports(app);
  DBOS.setConfig({
    name: 'backend',
    systemDatabaseUrl: settings.DATABASE_JOBS_URL,
    systemDatabaseSchemaName: SCHEMA,
    systemDatabasePoolSize: POOL_SIZE,
    executorID: executor,
    applicationVersion: APPLICATION_VERSION,
    enablePatching: true,
    notificationCoalesceMs: NOTIFY_MS,
    logger: {
      debug: (entry) => log.trace(entry),
      info: (entry) => log.debug(entry),
      warn: (entry) => log.warn(entry),
      error: (entry, metadata) => log.error({ stack: metadata?.stack }, String(entry)),
    },
  });
  await DBOS.launch();
  await DBOS.registerQueue(QUEUE, {
    workerConcurrency: CONCURRENCY,
    minPollingIntervalMs: POLL_MS,
    onConflict: 'always_update',
  });
  const pool = new pg.Pool({
    connectionString: settings.DATABASE_JOBS_URL,
    max: 2,
    application_name: 'preau-backend-leases',
  });
  pool.on('error', (err) => log.warn({ err }, 'an idle database connection broke'));
  await pool.query(CREATE_LEASES);
  const renew = () => pool.query(RENEW, [executor]);
  await renew();

  const quietly = (what: string, work: () => Promise<unknown>) => () => {
    work().catch((err: unknown) => log.warn({ err }, `${what} failed, trying again`));
  };
  const sweep = quietly('taking over imports', () => takeOver(pool, app));
  const timers = [
    setInterval(quietly('renewing the lease', renew), HEARTBEAT_MS),
    setInterval(sweep, JANITOR_MS),
  ];
  sweep();
  return {
    async startImport(ref) {
      await DBOS.startWorkflow(importFile, { workflowID: `import:${ref.importId}`, queueName: QUEUE })(ref);
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      leaveImports();
      await DBOS.shutdown({ workflowCompletionTimeoutMS: SHUTDOWN_MS });
      await pool
        .query('DELETE FROM jobs.executor_lease WHERE executor = $1', [executor])
        .catch(() => undefined);
      await pool.end();
    },
  };
}

/** Sets the workflows of dead executors going again, in this process's queue. One janitor at a time. */
async function takeOver(pool: pg.Pool, { log }: App): Promise<void> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1) AS mine', [
      SWEEP_LOCK,
    ]);
    if (!rows[0]?.mine) return;
    try {
      await client.query(BURY, [LEASE_SECONDS]);
      const living = await client.query<{ executor: string }>('SELECT executor FROM jobs.executor_lease');
      const alive = new Set(living.rows.map(({ executor }) => executor));
      const pending = await DBOS.listWorkflows({ status: 'PENDING', loadInput: false, loadOutput: false });
      const orphans = pending.filter(({ executorId }) => !alive.has(executorId ?? ''));
      if (orphans.length === 0) return;
      const ids = orphans.map(({ workflowID }) => workflowID);
      await DBOS.resumeWorkflows(ids, { queueName: QUEUE });
      log.info({ workflows: ids }, 'went on with the imports of a dead process');
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [SWEEP_LOCK]);
    }
  } finally {
    client.release();
  }
}

const CREATE_LEASES = `
CREATE TABLE IF NOT EXISTS jobs.executor_lease (
  executor text PRIMARY KEY,
  beat timestamptz NOT NULL DEFAULT now()
)`;
const RENEW = `
INSERT INTO jobs.executor_lease (executor) VALUES ($1) ON CONFLICT (executor) DO UPDATE SET beat = now()`;
const BURY = 'DELETE FROM jobs.executor_lease WHERE beat < now() - make_interval(secs => $1)';
