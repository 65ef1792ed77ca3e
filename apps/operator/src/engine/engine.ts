import { setTimeout as sleep } from 'node:timers/promises';
import { DBOS } from '@dbos-inc/dbos-sdk';
import { FIRST_MACHINE } from '@preau/contract/platform/machines';
import { Pool } from 'pg';
import type { Log } from '../log.ts';
import { HEARTBEAT_MS, Leases, machineOf, newExecutor } from './lease.ts';

const SCHEMA = 'operator';
const POOL_SIZE = 5;
/** Our workflows send each other nothing: DBOS would look a hundred times a second whether one did. */
const NOTIFY_MS = 1_000;
const JANITOR_MS = 2_000;
/**
 * Taken-over workflows come back through their machine's queue, as their steps work on its sockets, keys and logs; it
 * decides how many of them run at once in a process. The first machine's has the name from before there were several.
 */
const recoveryQueueOf = (machine: string) => (machine === FIRST_MACHINE ? 'recovery' : `recovery ${machine}`);
const RECOVERY_CONCURRENCY = 4;
/** Each look is four statements; who waits has waited for a lease to run out. */
const QUEUE_POLL_MS = 2_000;
/** Any number, the same in every operator. */
const SWEEP_LOCK = 7_276_301;
const LAUNCH_LOCK = 7_276_302;
const LAUNCH_LOOK_MS = 100;
const SHUTDOWN_MS = 1_000;
/**
 * One name for every build: `DBOS.patch` guards changes of a workflow's steps, and an executor recovers
 * work only of the version it bears itself.
 */
const APPLICATION_VERSION = 'operator';

export interface Engine {
  readonly executor: string;
  /** Takes over the workflows of dead executors now. */
  sweep(): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts DBOS with an executor id that no other process ever has, announces it as alive, and takes over
 * what dead executors left on this machine. Register every workflow before.
 */
export async function startEngine(databaseUrl: string, machine: string, log: Log): Promise<Engine> {
  const executor = newExecutor(machine);
  const queueName = recoveryQueueOf(machine);
  DBOS.setConfig({
    name: 'operator',
    systemDatabaseUrl: databaseUrl,
    systemDatabaseSchemaName: SCHEMA,
    systemDatabasePoolSize: POOL_SIZE,
    executorID: executor,
    applicationVersion: APPLICATION_VERSION,
    enablePatching: true,
    listenQueues: [queueName],
    notificationCoalesceMs: NOTIFY_MS,
    logger: {
      debug: (entry) => log.trace(entry),
      info: (entry) => log.debug(entry),
      warn: (entry) => log.warn(entry),
      error: (entry, metadata) => log.error({ stack: metadata?.stack }, String(entry)),
    },
  });
  const pool = new Pool({ connectionString: databaseUrl, max: 4, application_name: 'operator leases' });
  pool.on('error', (error) => log.warn({ error: error.message }, 'lost a database connection'));
  await oneAtATime(pool, () => DBOS.launch());
  await DBOS.registerQueue(queueName, {
    workerConcurrency: RECOVERY_CONCURRENCY,
    minPollingIntervalMs: QUEUE_POLL_MS,
    onConflict: 'always_update',
  });

  const leases = await Leases.open(pool, executor);

  async function sweep(): Promise<number> {
    if (!(await leases.predecessorsHaveWork())) return 0;
    // Two janitors of a machine that saw one orphan would both set it going: one sweeps at a time.
    const client = await pool.connect();
    try {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1, hashtext($2)) AS mine', [
        SWEEP_LOCK,
        machine,
      ]);
      if (!rows[0]?.mine) return 0;
      try {
        return await takeOver();
      } finally {
        await client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [SWEEP_LOCK, machine]);
      }
    } finally {
      client.release();
    }
  }

  async function takeOver(): Promise<number> {
    const living = await leases.living();
    const pending = await DBOS.listWorkflows({ status: 'PENDING', loadInput: false, loadOutput: false });
    const orphans = pending
      .filter(({ executorId = '' }) => machineOf(executorId) === machine && !living.has(executorId))
      .map((workflow) => workflow.workflowID);
    if (orphans.length === 0) return 0;
    await DBOS.resumeWorkflows(orphans, { queueName });
    log.info({ workflows: orphans }, 'took over the work of a dead executor');
    return orphans.length;
  }

  const quietly = (what: string, work: () => Promise<unknown>) => () => {
    work().catch((error) => log.warn({ error: String(error) }, `${what} failed, trying again`));
  };
  const beat = setInterval(
    quietly('renewing the lease', () => leases.renew()),
    HEARTBEAT_MS,
  );
  const janitor = setInterval(quietly('taking over work', sweep), JANITOR_MS);
  await sweep();

  return {
    executor,
    sweep,
    async stop() {
      clearInterval(beat);
      clearInterval(janitor);
      await DBOS.shutdown({ workflowCompletionTimeoutMS: SHUTDOWN_MS });
      await leases.release().catch(() => undefined);
      await pool.end();
    },
  };
}

/**
 * Two operators that start on one new database would both make its tables, and wait for each other. Asked for again and
 * again instead of waited for: whoever builds an index without a lock waits for every statement that is under way.
 */
async function oneAtATime(pool: Pool, work: () => Promise<void>): Promise<void> {
  const client = await pool.connect();
  try {
    for (;;) {
      const { rows } = await client.query('SELECT pg_try_advisory_lock($1) AS mine', [LAUNCH_LOCK]);
      if (rows[0]?.mine) break;
      await sleep(LAUNCH_LOOK_MS);
    }
    await work().finally(() => client.query('SELECT pg_advisory_unlock($1)', [LAUNCH_LOCK]));
  } finally {
    client.release();
  }
}
