import { BillingError, type ProviderName } from '@preau/billing';
import { ApiProblem } from '@preau/contract';
import type { InboxEntry } from '@preau/contract/platform/billing';
import type { Log } from '../log.ts';
import type { Backend } from '../workflows/context.ts';
import type { Provider } from './providers.ts';

const CONFLICT_ATTEMPTS = 8;
const PARALLEL = 4;
const MAX_ERROR = 2_000;

export interface BillingWorker {
  /** Works through the inbox entries that are due. */
  drain(): Promise<void>;
  /** Brings one subscription up to date; false where the provider does not know it. */
  bring(provider: ProviderName, ref: string): Promise<boolean>;
  /** Inbox entries settled since the start, by outcome. */
  readonly settled: Map<'done' | 'ignored' | 'failed', number>;
}

/**
 * Carries subscriptions from their provider to the backend. An event never says what to do, only where to
 * look: the revision is read first, then the subscription as it is now is fetched, and handed over under
 * that revision. Whoever fetched earlier and comes later is told so and fetches again.
 */
export function openBillingWorker(backend: Backend, providers: readonly Provider[], log: Log): BillingWorker {
  const byName = new Map(providers.map((provider) => [provider.capabilities.provider, provider]));
  /** One look at a subscription at a time here; between several operators the revision decides. */
  const turns = new Map<string, Promise<unknown>>();
  const settled: BillingWorker['settled'] = new Map();

  async function bring(name: ProviderName, ref: string): Promise<boolean> {
    const provider = byName.get(name);
    if (!provider) throw new Error(`No account at ${name} is set up.`);
    for (let attempt = 1; ; attempt++) {
      const params = { provider: name, ref };
      const { revision } = await backend.getSubscriptionRevision({ params });
      let over = false;
      try {
        const snapshot = await provider.getSubscription(ref);
        over = snapshot.state === 'cancelled';
        const { changed, instanceId } = await backend.applySubscription({
          params,
          body: { expectedRevision: revision, snapshot },
        });
        if (changed)
          log.info(
            { provider: name, ref, state: snapshot.state, instance: instanceId },
            'applied a subscription',
          );
        return true;
      } catch (error) {
        if (error instanceof BillingError && error.fault.kind === 'not-found') return false;
        // Its customer was removed, with the order that it began with.
        if (over && error instanceof ApiProblem && error.is('not-found')) return false;
        const conflict = error instanceof ApiProblem && error.is('conflict');
        if (!conflict || attempt >= CONFLICT_ATTEMPTS) throw error;
      }
    }
  }

  function bringInTurn(name: ProviderName, ref: string): Promise<boolean> {
    const key = `${name}:${ref}`;
    const work = () => bring(name, ref);
    const turn = (turns.get(key) ?? Promise.resolve()).then(work, work);
    turns.set(key, turn);
    const leave = () => {
      if (turns.get(key) === turn) turns.delete(key);
    };
    turn.then(leave, leave);
    return turn;
  }

  async function look({ id, provider, subscriptionRef }: InboxEntry): Promise<void> {
    let outcome: 'done' | 'ignored' | 'failed';
    let error: string | null = null;
    try {
      outcome =
        subscriptionRef !== null && (await bringInTurn(provider, subscriptionRef)) ? 'done' : 'ignored';
    } catch (failure) {
      outcome = 'failed';
      error = String(failure).slice(0, MAX_ERROR);
      log.warn({ entry: id, provider, error }, 'an inbox entry failed');
    }
    await backend.settleInboxEntry({ params: { entryId: id }, body: { outcome, error } });
    settled.set(outcome, (settled.get(outcome) ?? 0) + 1);
  }

  return {
    settled,
    bring: bringInTurn,
    async drain() {
      const seen = new Set<string>();
      for (;;) {
        const { items } = await backend.listPendingInbox();
        // An entry that stays pending is due later; it must not keep this loop going.
        const queue = items.filter(({ id }) => !seen.has(id));
        if (queue.length === 0) return;
        for (const { id } of queue) seen.add(id);
        const worker = async () => {
          for (let entry = queue.shift(); entry; entry = queue.shift()) await look(entry);
        };
        await Promise.all(Array.from({ length: PARALLEL }, worker));
      }
    },
  };
}
