import type { Db } from '../database/db.ts';

/** The tables whose rows are jobs of this kind: `state`, `percent`, `error`, `finished_at`. */
export type JobTable = 'backups' | 'restores' | 'exports';

const MAX_ERROR = 500;

/** Notes how far a job is. Percent never goes back: a step that runs again after a crash begins anew. */
export async function noteProgress(
  platform: Db,
  table: JobTable,
  id: string,
  percent: number,
): Promise<void> {
  await platform.query(
    `UPDATE ${table} SET state = 'running', percent = greatest(percent, $2::numeric), updated_at = now()
     WHERE id = $1 AND state IN ('queued', 'running')`,
    [id, percent],
  );
}

/** Ends a job that did not succeed; why is for staff. */
export async function endInFailure(platform: Db, table: JobTable, id: string, error: unknown): Promise<void> {
  const reason = error instanceof Error ? error.message : String(error);
  await platform.query(
    `UPDATE ${table} SET state = 'failed', error = $2, finished_at = now(), updated_at = now()
     WHERE id = $1 AND state IN ('queued', 'running')`,
    [id, reason.slice(0, MAX_ERROR)],
  );
}
