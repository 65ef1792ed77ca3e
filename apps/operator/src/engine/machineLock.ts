import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import type { Log } from '../log.ts';

/** A predecessor that was asked to leave has five seconds. */
const WAIT_MS = 15_000;
const RETRY_MS = 200;

export interface MachineLock {
  release(): Promise<void>;
}

/**
 * Makes sure that one operator alone runs the instances of a machine: two would both start what is missing. The lock is
 * the database's and ends with the connection, so a killed operator leaves none behind. The machine's data folder bears
 * its name (`claimFolder`).
 * @throws Error when another operator keeps the machine
 */
export async function lockMachine(databaseUrl: string, machine: string, log: Log): Promise<MachineLock> {
  let released = false;
  let client = await take(databaseUrl, machine, lost);

  function lost(): void {
    if (released) return;
    log.warn('lost the lock of the machine with its connection, taking it again');
    take(databaseUrl, machine, lost).then(
      (next) => {
        client = next;
      },
      (error) => {
        log.fatal({ error: String(error) }, 'the machine belongs to another operator now');
        process.exit(1);
      },
    );
  }

  return {
    async release() {
      released = true;
      await client.end().catch(() => undefined);
    },
  };
}

async function take(databaseUrl: string, machine: string, lost: () => void): Promise<Client> {
  const end = Date.now() + WAIT_MS;
  for (;;) {
    const client = new Client({
      connectionString: databaseUrl,
      application_name: 'operator lock',
      keepAlive: true,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS mine', [
        `machine ${machine}`,
      ]);
      if (rows[0]?.mine) {
        client.once('end', lost);
        return client;
      }
    } catch (error) {
      if (Date.now() >= end) throw error;
    }
    await client.end().catch(() => undefined);
    if (Date.now() >= end)
      throw new Error(
        `Another operator runs the machine ${machine}. Stop it first, or set another MACHINE and DATA_DIR.`,
      );
    await sleep(RETRY_MS);
  }
}
