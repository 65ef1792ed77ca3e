import { randomUUID } from 'node:crypto';
import { DBOS } from '@dbos-inc/dbos-sdk';
import pg from 'pg';
import type { App } from '../app.ts';
import { keepingJobs } from '../backups/workflow.ts';
import { importFile, leaveImports, serveImports } from '../imports/workflow.ts';
import type { Job } from './jobs.ts';

const SCHEMA = 'jobs';
const POOL_SIZE = 3;
/** Jobs send each other nothing: DBOS would look a hundred times a second whether one did. */
const NOTIFY_MS = 1_000;
const HEARTBEAT_MS = 2_000;
/** An executor that has not said anything for this long is taken for dead. */
const LEASE_SECONDS = 10;
const JANITOR_MS = 5_000;
const SHUTDOWN_MS = 1_000;
/**
 * One package is read at a time: reading takes a core and memory that requests need. Backups, restores and exports
 * have a queue of their own, for nobody's course waits for them; one after the other in all processes together, so
 * that none of them sees another's files half gone.
 */
const IMPORTS = 'imports';
const KEEPING = 'keeping';
const POLL_MS = 500;
/** Any number, the same in every backend. */
const SWEEP_LOCK = 7_276_302;
/** One name for every build: an executor recovers work of its own version only. */
const APPLICATION_VERSION = 'backend';

export interface Engine {
  start(job: Job): Promise<void>;
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
  keepingJobs.serve(app);
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
  const polling = { minPollingIntervalMs: POLL_MS, onConflict: 'always_update' } as const;
  await DBOS.registerQueue(IMPORTS, { workerConcurrency: 1, ...polling });
  await DBOS.registerQueue(KEEPING, { concurrency: 1, ...polling });
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
  const sweep = quietly('taking over jobs', () => takeOver(pool, app));
  const timers = [
    setInterval(quietly('renewing the lease', renew), HEARTBEAT_MS),
    setInterval(sweep, JANITOR_MS),
  ];
  sweep();
  return {
    async start(job) {
      if (job.kind === 'import') {
        const { importId, tenantId } = job;
        const place = { workflowID: `import:${importId}`, queueName: IMPORTS };
        await DBOS.startWorkflow(importFile, place)({ importId, tenantId });
        return;
      }
      const place = { workflowID: `${job.kind}:${job.id}`, queueName: KEEPING };
      await DBOS.startWorkflow(keepingJobs.workflows[job.kind], place)(job.id);
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      leaveImports();
      keepingJobs.leave();
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
      for (const [queueName, own] of Map.groupBy(orphans, queueOf)) {
        const ids = own.map(({ workflowID }) => workflowID);
        await DBOS.resumeWorkflows(ids, { queueName });
        log.info({ workflows: ids }, 'went on with the jobs of a dead process');
      }
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [SWEEP_LOCK]);
    }
  } finally {
    client.release();
  }
}

const queueOf = ({ workflowID }: { workflowID: string }): string =>
  workflowID.startsWith('import:') ? IMPORTS : KEEPING;

const CREATE_LEASES = `
CREATE TABLE IF NOT EXISTS jobs.executor_lease (
  executor text PRIMARY KEY,
  beat timestamptz NOT NULL DEFAULT now()
)`;
const RENEW = `
INSERT INTO jobs.executor_lease (executor) VALUES ($1) ON CONFLICT (executor) DO UPDATE SET beat = now()`;
const BURY = 'DELETE FROM jobs.executor_lease WHERE beat < now() - make_interval(secs => $1)';
