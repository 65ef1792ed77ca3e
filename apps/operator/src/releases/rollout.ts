import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../workflows/context.ts';
import { readRoom } from './room.ts';

const LOOK_MS = 2_000;
const HOUSEKEEPING_MS = 10 * 60_000;

export interface RolloutWorker {
  /** How many updates it has begun. */
  readonly begun: number;
  start(): void;
  stop(): Promise<void>;
}

/**
 * Asks the backend, over and over, to go on with the roll-out that is under way, as far as there is memory for. All
 * that was decided is in the backend: an operator that dies loses nothing, and the next one goes on.
 * @param opened called when there are updates to carry out
 */
export function openRolloutWorker(
  { backend, machine, releases, log }: Pick<Context, 'backend' | 'machine' | 'releases' | 'log'>,
  opened: () => void,
): RolloutWorker {
  const ended = new AbortController();
  let begun = 0;
  let running: Promise<void>[] = [];

  async function advance(): Promise<void> {
    const { rolloutId, opened: operations } = await backend.advanceRollout({
      body: { room: await readRoom(), machine },
    });
    if (operations.length === 0) return;
    begun += operations.length;
    log.info({ rollout: rolloutId, updates: operations.length }, 'began updates');
    opened();
  }

  async function keepHouse(): Promise<void> {
    for (const id of await releases.recheck()) {
      log.error({ release: id }, 'a release is not what was published');
      await backend.reportIncident({
        params: { key: `release:${id}` },
        body: {
          state: 'open',
          instanceId: null,
          kind: 'release',
          severity: 'critical',
          title: `The files of release ${id} are not those that were published: it is not started any more`,
        },
      });
    }
    const { items } = await backend.listKnownReleases();
    const removed = await releases.prune(items);
    if (removed.length > 0) log.info({ releases: removed }, 'removed releases that nobody runs');
  }

  async function repeat(what: string, work: () => Promise<void>, everyMs: number): Promise<void> {
    while (!ended.signal.aborted) {
      await work().catch((error) => log.warn({ error: String(error) }, `${what} failed, trying again`));
      await sleep(everyMs, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  }

  return {
    get begun() {
      return begun;
    },
    start() {
      running = [
        repeat('advancing a roll-out', advance, LOOK_MS),
        repeat('looking after releases', keepHouse, HOUSEKEEPING_MS),
      ];
    },
    async stop() {
      ended.abort();
      await Promise.all(running);
    },
  };
}
