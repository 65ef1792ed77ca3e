import { DBOS } from '@dbos-inc/dbos-sdk';
import type { App } from '../app.ts';
import { exportTenant } from '../exports/job.ts';
import { endInFailure, type JobTable, noteProgress } from './job.ts';
import { carryOutBackup, carryOutRestore } from './jobs.ts';
import type { Backups } from './place.ts';

let running: App | null = null;
let stopping = false;

interface Keeping {
  app: App;
  backups: Backups | null;
}
type Work = (place: Keeping, id: string, progress: (percent: number) => Promise<void>) => Promise<void>;

/**
 * A job that may begin anew: whatever it had done is done again or found done. It ends in its row as succeeded by
 * its work, or as failed here.
 */
function job(name: string, table: JobTable, work: Work) {
  return DBOS.registerWorkflow(
    async (id: string): Promise<void> => {
      await DBOS.runStep(
        async () => {
          if (!running) throw new Error('jobs are not served');
          const app = running;
          const platform = app.db({ kind: 'platform' });
          try {
            await work({ app, backups: app.backups }, id, (percent) =>
              noteProgress(platform, table, id, percent),
            );
          } catch (error) {
            // The pool closes under a job when the process ends: the next one begins it anew.
            if (stopping) return new Promise<never>(() => {});
            app.log.error({ err: error, [name]: id }, 'a job failed');
            await endInFailure(platform, table, id, error);
          }
          return null;
        },
        { name, retriesAllowed: true, maxAttempts: 3, intervalSeconds: 1 },
      );
    },
    { name },
  );
}

/** Backups, restores and exports as durable jobs. */
export const keepingJobs = {
  workflows: {
    backup: job('backup', 'backups', carryOutBackup),
    restore: job('restore', 'restores', carryOutRestore),
    export: job('export', 'exports', exportTenant),
  },
  /** Gives the jobs what they work with. Call before DBOS is launched. */
  serve(app: App): void {
    running = app;
    stopping = false;
  },
  /** From here on no failure counts. */
  leave(): void {
    stopping = true;
  },
};
