import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';

/** Requests that come meanwhile wait behind a waiting change for as long: shorter than a deadlock takes to be found. */
const LOCK_MS = 300;
const PAUSE_MS = 200;
const ATTEMPTS = 300;
/** SQLSTATE: a lock was not to be had in time, or not without a deadlock. */
const BUSY = new Set(['55P03', '40P01']);

/**
 * Changes the schema in one transaction while others read and write: it never waits long for a lock, gives up all it
 * has where it cannot have one, and begins again.
 * @throws what went wrong, or the last refusal of a lock
 */
export async function patiently(client: pg.ClientBase, change: () => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    await client.query('BEGIN');
    try {
      await client.query(`SET LOCAL lock_timeout = ${LOCK_MS}`);
      await change();
      await client.query('COMMIT');
      return;
    } catch (cause) {
      await client.query('ROLLBACK');
      if (attempt === ATTEMPTS || !BUSY.has(stateOf(cause) ?? '')) throw cause;
    }
    await sleep(PAUSE_MS);
  }
}

/** The SQLSTATE of an error, or of the one that Drizzle wrapped. */
function stateOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : stateOf(error.cause);
}
