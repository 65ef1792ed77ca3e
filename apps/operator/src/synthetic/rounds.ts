import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { BillingWorker } from '../billing/apply.ts';
import type { Provider } from '../billing/providers.ts';
import type { Leadership } from '../engine/leadership.ts';
import type { Log } from '../log.ts';
import type { Backend } from '../workflows/context.ts';
import { goTheWay, type Station, WayBlocked } from './customer.ts';

const LOOK_MS = 60_000;
/** After a failure the next customer comes earlier, to tell a hiccup from an outage. */
const AGAIN_MINUTES = 10;
/** Longer than any round; a round that died with its operator is over then. */
const ROUND_MINUTES = 15;
const REMOVAL_MS = 5 * 60_000;
const REMOVAL_LOOK_MS = 1_000;
const KEY = 'synthetic-customer';

const rowSchema = z.object({ failures: z.number() });

export interface Rounds {
  /** Rounds since the start, by outcome. */
  readonly outcomes: Map<'passed' | 'failed', number>;
  /** Seconds of the last round that passed, by station. */
  readonly took: ReadonlyMap<Station, number>;
  /** Sends a customer now. @returns why the way is blocked, or undefined where it is free */
  go(): Promise<string | undefined>;
  start(): void;
  stop(): void;
}

/**
 * Sends a synthetic customer every so many hours, one for all machines together: the leading one sends it, and the
 * database knows when the last one came. What blocks the way is an incident, a warning first and critical the second time; the next customer who
 * passes closes it. Whatever became of one is removed before the next and after each.
 */
export async function openRounds(
  {
    pool,
    backend,
    billing,
    providers,
    leadership,
    log,
  }: {
    pool: Pool;
    backend: Backend;
    billing: BillingWorker;
    providers: readonly Provider[];
    leadership: Pick<Leadership, 'leads'>;
    log: Log;
  },
  { hours, gatewayUrl, publicUrl }: { hours: number; gatewayUrl: string; publicUrl: string },
): Promise<Rounds> {
  await pool.query(
    `CREATE TABLE IF NOT EXISTS operator.synthetic_rounds (one boolean PRIMARY KEY DEFAULT true CHECK (one),
       next_at timestamptz NOT NULL, failures int NOT NULL DEFAULT 0)`,
  );
  await pool.query(
    'INSERT INTO operator.synthetic_rounds (next_at) VALUES (now()) ON CONFLICT (one) DO NOTHING',
  );
  const outcomes: Rounds['outcomes'] = new Map();
  let took: ReadonlyMap<Station, number> = new Map();
  let timer: NodeJS.Timeout | undefined;
  let under: Promise<unknown> = Promise.resolve();

  /** Takes the round where it is due: whoever comes a moment later finds it taken. */
  async function take(): Promise<boolean> {
    const { rowCount } = await pool.query(
      `UPDATE operator.synthetic_rounds SET next_at = now() + make_interval(mins => $1) WHERE next_at <= now()`,
      [ROUND_MINUTES],
    );
    return rowCount === 1;
  }

  async function removeAll(): Promise<void> {
    const deadline = performance.now() + REMOVAL_MS;
    for (;;) {
      const { left, subscriptions } = await backend.removeSyntheticCustomers();
      if (left === 0) return;
      for (const { provider, ref } of subscriptions) {
        await providers.find(({ capabilities }) => capabilities.provider === provider)?.cancel(ref, 'now');
        await billing.bring(provider, ref);
      }
      if (performance.now() > deadline) throw new Error('A synthetic customer could not be removed.');
      await sleep(REMOVAL_LOOK_MS);
    }
  }

  /** One at a time: a removal takes every synthetic customer away, also one that is on its way. */
  function go(): Promise<string | undefined> {
    const round = under.then(goAlone, goAlone);
    under = round.catch(() => undefined);
    return round;
  }

  async function goAlone(): Promise<string | undefined> {
    let blocked: string | undefined;
    try {
      await removeAll();
      took = await goTheWay({ gatewayUrl, publicUrl, backend });
      await removeAll();
    } catch (error) {
      blocked = error instanceof WayBlocked ? error.message : `removal: ${String(error)}`;
      log.warn({ error: blocked }, 'a synthetic customer did not get through');
    }
    const outcome = blocked === undefined ? 'passed' : 'failed';
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    const { rows } = await pool.query(
      `UPDATE operator.synthetic_rounds SET failures = CASE WHEN $1 THEN failures + 1 ELSE 0 END,
         next_at = now() + CASE WHEN $1 THEN make_interval(mins => $2) ELSE make_interval(secs => $3) END
       RETURNING failures`,
      [blocked !== undefined, AGAIN_MINUTES, hours * 3_600],
    );
    const failures = z.array(rowSchema).parse(rows)[0]?.failures ?? 0;
    await backend.reportIncident({
      params: { key: KEY },
      body: {
        state: blocked === undefined ? 'closed' : 'open',
        instanceId: null,
        kind: KEY,
        severity: failures > 1 ? 'critical' : 'warning',
        title: `A customer’s way is blocked at ${blocked ?? 'no station'}`.slice(0, 300),
      },
    });
    if (blocked === undefined) log.info(Object.fromEntries(took), 'a synthetic customer got through');
    return blocked;
  }

  function look(): void {
    if (!leadership.leads) return;
    take()
      .then((due) => (due ? go() : undefined))
      .catch((error) => log.warn({ error: String(error) }, 'the synthetic customer could not be sent'));
  }

  return {
    outcomes,
    get took() {
      return took;
    },
    go,
    start() {
      if (hours > 0) timer = setInterval(look, LOOK_MS);
    },
    stop: () => clearInterval(timer),
  };
}
