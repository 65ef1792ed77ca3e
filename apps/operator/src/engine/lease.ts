import { randomUUID } from 'node:crypto';
import { readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { FIRST_MACHINE } from '@preau/contract/platform/machines';
import type { Pool } from 'pg';
import { z } from 'zod';
import { processBirth } from '../driver/procfs.ts';

/** An executor that has not said anything for this long is taken for dead. */
export const LEASE_SECONDS = 10;
export const HEARTBEAT_MS = 2_000;

const row = z.object({
  executor: z.string(),
  machine: z.string(),
  pid: z.number(),
  birth: z.string(),
  fresh: z.boolean(),
});

/** An id that no other process ever has, and that tells whose instances it works on. */
export const newExecutor = (machine: string): string => `${machine}/${randomUUID()}`;

/** The machine of an executor; those from before there were several name none. */
export const machineOf = (executor: string): string =>
  executor.includes('/') ? (executor.split('/', 1)[0] ?? '') : FIRST_MACHINE;

const machineSql = (executor: string) =>
  `CASE WHEN ${executor} LIKE '%/%' THEN split_part(${executor}, '/', 1) ELSE '${FIRST_MACHINE}' END`;

/** Who executes workflows at the moment: one row for each operator process, renewed every two seconds. */
export class Leases {
  readonly #pool: Pool;
  readonly #executor: string;
  readonly #host: string;
  readonly #birth: string;

  private constructor(pool: Pool, executor: string, host: string, birth: string) {
    this.#pool = pool;
    this.#executor = executor;
    this.#host = host;
    this.#birth = birth;
  }

  static async open(pool: Pool, executor: string): Promise<Leases> {
    await pool.query(`
      CREATE TABLE IF NOT EXISTS operator.executor_lease (
        executor text PRIMARY KEY,
        machine text NOT NULL,
        pid integer NOT NULL,
        birth text NOT NULL,
        beat timestamptz NOT NULL DEFAULT now()
      )`);
    const leases = new Leases(pool, executor, await hostName(), (await processBirth(process.pid)) ?? '');
    await leases.renew();
    return leases;
  }

  async renew(): Promise<void> {
    await this.#pool.query(
      `INSERT INTO operator.executor_lease (executor, machine, pid, birth) VALUES ($1, $2, $3, $4)
       ON CONFLICT (executor) DO UPDATE SET beat = now()`,
      [this.#executor, this.#host, process.pid, this.#birth],
    );
  }

  /**
   * The executors that live. One on this host is looked at directly, so that its work is taken over
   * within moments of its death and not only when its lease has run out. The dead ones' rows are removed.
   */
  async living(): Promise<Set<string>> {
    const { rows } = await this.#pool.query(
      `SELECT executor, machine, pid, birth, beat > now() - make_interval(secs => $1) AS fresh
       FROM operator.executor_lease`,
      [LEASE_SECONDS],
    );
    const living = new Set<string>();
    const dead: string[] = [];
    for (const { executor, machine: host, pid, birth, fresh } of z.array(row).parse(rows)) {
      const gone = !fresh || (host === this.#host && (await processBirth(pid)) !== birth);
      if (executor !== this.#executor && gone) dead.push(executor);
      else living.add(executor);
    }
    if (dead.length > 0)
      await this.#pool.query('DELETE FROM operator.executor_lease WHERE executor = ANY($1)', [dead]);
    return living;
  }

  /** Whether there may be work or a row of a predecessor, who does not live any more. */
  async predecessorsHaveWork(): Promise<boolean> {
    const { rowCount } = await this.#pool.query(
      `SELECT FROM operator.executor_lease WHERE executor <> $1 AND ${machineSql('executor')} = $2
       UNION ALL SELECT FROM operator.workflow_status
         WHERE status = 'PENDING' AND executor_id <> $1 AND ${machineSql('executor_id')} = $2
       LIMIT 1`,
      [this.#executor, machineOf(this.#executor)],
    );
    return rowCount !== 0;
  }

  async release(): Promise<void> {
    await this.#pool.query('DELETE FROM operator.executor_lease WHERE executor = $1', [this.#executor]);
  }
}

/** Two processes with one host name see each other's process ids. */
async function hostName(): Promise<string> {
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${hostname()} ${namespace}`;
}
