import pg from 'pg';
import type { App } from '../app.ts';
import type { ImportRef } from '../imports/job.ts';
import type { Engine } from './engine.ts';

const LOOK_MS = 10_000;

/** What a job is about: a row of `imports`, `backups`, `restores` or `exports`. */
export type Job = ({ kind: 'import' } & ImportRef) | { kind: 'backup' | 'restore' | 'export'; id: string };

/** What the rest of the backend knows of durable jobs. */
export interface Jobs {
  /** Starting a job again changes nothing. */
  start(job: Job): Promise<void>;
  stop(): Promise<void>;
}

/**
 * Jobs, whose engine starts with the first one: a backend that has none holds neither its connections nor
 * its memory. Work that a process left behind starts it as well.
 */
export function openJobs(appOf: () => App): Jobs {
  let engine: Promise<Engine> | null = null;
  let stopped = false;

  function launch(): Promise<Engine> {
    if (stopped) return Promise.reject(new Error('the backend is stopping'));
    engine ??= import('./engine.ts').then(({ startEngine }) => startEngine(appOf()));
    const started = engine;
    // The next job tries again where the database did not answer.
    started.catch(() => {
      if (engine === started) engine = null;
    });
    return started;
  }

  async function look(): Promise<void> {
    const { log, settings } = appOf();
    try {
      if (!engine && (await hasWork(settings.DATABASE_JOBS_URL)) && !stopped) await launch();
    } catch (err) {
      log.warn({ err }, 'looking for unfinished jobs failed, trying again');
    }
  }

  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = looking.then(look);
  }, LOOK_MS);
  timer.unref();
  // In a moment: the caller is still building what jobs work with.
  setImmediate(() => {
    looking = looking.then(look);
  });

  return {
    async start(job) {
      await (await launch()).start(job);
    },
    async stop() {
      clearInterval(timer);
      stopped = true;
      await looking;
      const started = await engine?.catch(() => null);
      await started?.stop();
    },
  };
}

/** Whether some process left a workflow unfinished. Its tables are there once there has been one. */
async function hasWork(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, application_name: 'preau-backend-jobs' });
  await client.connect();
  try {
    const { rows } = await client.query<{ there: boolean }>(
      `SELECT to_regclass('jobs.workflow_status') IS NOT NULL AS there`,
    );
    if (!rows[0]?.there) return false;
    const { rows: left } = await client.query(
      `SELECT 1 FROM jobs.workflow_status WHERE status IN ('PENDING', 'ENQUEUED') LIMIT 1`,
    );
    return left.length > 0;
  } finally {
    await client.end();
  }
}
