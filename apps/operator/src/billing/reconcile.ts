import type { ProviderName } from '@preau/billing';
import type { Pool } from 'pg';
import { z } from 'zod';
import type { Leadership } from '../engine/leadership.ts';
import type { Log } from '../log.ts';
import type { Backend } from '../workflows/context.ts';
import type { BillingWorker } from './apply.ts';
import type { Provider } from './providers.ts';

const EVENTS_MS = 15 * 60 * 1000;
const EVERYTHING_MS = 24 * 60 * 60 * 1000;
const FIRST_MS = 5_000;

export interface BillingReconciler {
  /** Looks at what happened since the cursor, for webhooks that never came. */
  sinceCursor(): Promise<number>;
  /** Looks at every subscription that is not over. */
  everything(): Promise<number>;
  start(): void;
  stop(): void;
}

/** Where this machine leads: asks the providers by itself, every fifteen minutes for news and every night for everything. */
export async function openBillingReconciler({
  pool,
  backend,
  providers,
  worker,
  leadership,
  log,
}: {
  pool: Pool;
  backend: Backend;
  providers: readonly Provider[];
  worker: BillingWorker;
  leadership: Pick<Leadership, 'leads'>;
  log: Log;
}): Promise<BillingReconciler> {
  await pool.query(
    'CREATE TABLE IF NOT EXISTS operator.provider_cursor (provider text PRIMARY KEY, cursor text, looked_at timestamptz NOT NULL)',
  );
  const timers: NodeJS.Timeout[] = [];

  async function cursorOf(name: ProviderName): Promise<string | null> {
    const { rows } = await pool.query('SELECT cursor FROM operator.provider_cursor WHERE provider = $1', [
      name,
    ]);
    return z.array(z.object({ cursor: z.string().nullable() })).parse(rows)[0]?.cursor ?? null;
  }

  async function bringAll(subscriptions: { provider: ProviderName; ref: string }[]): Promise<boolean> {
    let whole = true;
    for (const { provider, ref } of subscriptions)
      try {
        await worker.bring(provider, ref);
      } catch (error) {
        whole = false;
        log.warn({ provider, ref, error: String(error) }, 'a subscription could not be reconciled');
      }
    return whole;
  }

  async function sinceCursor(): Promise<number> {
    let looked = 0;
    for (const provider of providers) {
      const name = provider.capabilities.provider;
      for (;;) {
        const known = await cursorOf(name);
        const { items, cursor } = await provider.listEventsSince(known);
        const refs = new Set(items.flatMap(({ subscriptionRef }) => subscriptionRef ?? []));
        looked += refs.size;
        // The cursor moves only when everything before it has been carried over.
        if (!(await bringAll([...refs].map((ref) => ({ provider: name, ref }))))) break;
        if (cursor === known || items.length === 0) break;
        await pool.query(
          `INSERT INTO operator.provider_cursor (provider, cursor, looked_at) VALUES ($1, $2, now())
           ON CONFLICT (provider) DO UPDATE SET cursor = excluded.cursor, looked_at = now()`,
          [name, cursor],
        );
      }
    }
    return looked;
  }

  async function everything(): Promise<number> {
    const { items } = await backend.listKnownSubscriptions();
    await bringAll(items);
    return items.length;
  }

  const quietly = (what: string, work: () => Promise<number>) => () => {
    if (!leadership.leads) return;
    work().then(
      (count) => log.debug({ count }, what),
      (error) => log.warn({ error: String(error) }, `${what} failed`),
    );
  };
  const events = quietly('reconciling news of providers', sinceCursor);

  return {
    sinceCursor,
    everything,
    start() {
      timers.push(setTimeout(events, FIRST_MS), setInterval(events, EVENTS_MS));
      timers.push(setInterval(quietly('reconciling every subscription', everything), EVERYTHING_MS));
    },
    stop() {
      for (const timer of timers) clearTimeout(timer);
    },
  };
}
