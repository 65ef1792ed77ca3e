import type { Pool } from 'pg';
import type { Log } from '../log.ts';

const TERM_SECONDS = 10;
const RENEW_MS = 2_000;

export interface Leadership {
  /** Whether this machine alone does what there is once. */
  readonly leads: boolean;
  /** Takes the lead where nobody has it, or keeps it. */
  renew(): Promise<void>;
  start(): void;
  /** Gives it up at once, for whoever asks next. */
  stop(): Promise<void>;
}

/**
 * What there is once, however many operators there are (payments, the synthetic customer), is done by the machine that
 * holds this lease. It is the machine's and not the process's: whoever follows a killed operator on its machine goes on
 * at once, and another machine when the term is over.
 * @param may whether this machine takes part: one that is said to be gone does not
 */
export async function openLeadership(
  pool: Pool,
  machine: string,
  { may, log }: { may: () => boolean; log: Log },
): Promise<Leadership> {
  await pool.query(
    `CREATE TABLE IF NOT EXISTS operator.leadership (one boolean PRIMARY KEY DEFAULT true CHECK (one),
       machine text NOT NULL, until timestamptz NOT NULL)`,
  );
  let until = 0;
  let timer: NodeJS.Timeout | undefined;

  async function renew(): Promise<void> {
    // What a killed process of a machine that is gone has left of its term is given up too.
    if (!may()) return giveUp();
    // From before the question: whoever was asleep over the answer must not lead longer than the database says.
    const asked = performance.now();
    const { rowCount } = await pool.query(
      `INSERT INTO operator.leadership AS l (machine, until) VALUES ($1, now() + make_interval(secs => $2))
       ON CONFLICT (one) DO UPDATE SET machine = excluded.machine, until = excluded.until
         WHERE l.machine = excluded.machine OR l.until < now()`,
      [machine, TERM_SECONDS],
    );
    const led = performance.now() < until;
    until = rowCount === 1 ? asked + TERM_SECONDS * 1_000 : 0;
    if (rowCount === 1 && !led) log.info({ machine }, 'does what there is once');
  }

  async function giveUp(): Promise<void> {
    until = 0;
    await pool.query('UPDATE operator.leadership SET until = now() WHERE machine = $1 AND until > now()', [
      machine,
    ]);
  }

  return {
    get leads() {
      return performance.now() < until;
    },
    renew,
    start() {
      timer = setInterval(() => {
        renew().catch((error) => log.warn({ error: String(error) }, 'the lead could not be renewed'));
      }, RENEW_MS);
    },
    async stop() {
      clearInterval(timer);
      if (until > 0) await giveUp();
    },
  };
}
