import { readMemoryUse } from './power/memory.ts';
import type { Release } from './release.ts';
import type { Context, DesiredInstance } from './workflows/context.ts';

const LOOK_MS = 500;
/** Where as many are ready as are wanted. */
const REST_MS = 10_000;
/** Starts of one rush come a moment apart. */
const QUIET_MS = 1_000;
/** After a failure: what is wrong with a release is not mended in a second. */
const PAUSE_MS = 10_000;
/** What a standby holds while it waits (PSS). */
const STANDBY_BYTES = 50 * 1024 * 1024;
/** Memory for speed: so much of the machine's may wait for starts. */
const MAX_SHARE = 1 / 8;
/** How many are worth having where nothing is known of the memory. */
const ROOM_UNKNOWN = 4;

export interface Refill {
  start(): void;
  /** Starts no more; one that is warming up is left to itself. */
  stop(): void;
}

/**
 * Keeps the driver's standbys ready, one after the other, while nobody waits for a start.
 * @param usual the release that the next start most likely asks for; undefined while that is not known
 * @param memoryShare beyond this share of the memory platforms are put to sleep: no standby may be the reason
 */
export function openRefill(
  {
    driver: { standbys },
    gate,
    releases,
    log,
  }: Pick<Context, 'driver' | 'gate' | 'log'> & {
    releases: { of(wanted: Pick<DesiredInstance, 'targetRelease'>): Promise<Release> };
  },
  { usual, memoryShare }: { usual: () => DesiredInstance['targetRelease'] | undefined; memoryShare: number },
): Refill {
  let timer: NodeJS.Timeout | undefined;
  let notBefore = 0;
  let tendedAt = 0;
  let tended: DesiredInstance['targetRelease'];

  /** Nothing was taken, asked for or ended since they were last looked after. */
  function rests(targetRelease: DesiredInstance['targetRelease']): boolean {
    const { free = 0, wanted = 0 } = standbys?.census ?? {};
    return free === wanted && targetRelease?.id === tended?.id && performance.now() - tendedAt < REST_MS;
  }

  async function look(): Promise<void> {
    const targetRelease = usual();
    if (!standbys || targetRelease === undefined || Date.now() < notBefore || rests(targetRelease)) return;
    tendedAt = performance.now();
    tended = targetRelease;
    try {
      const release = await releases.of({ targetRelease });
      const room = await readRoom(standbys.census.free, memoryShare);
      await standbys.tend(release, gate.emptyFor >= QUIET_MS, room);
    } catch (error) {
      notBefore = Date.now() + PAUSE_MS;
      log.warn({ error: String(error) }, 'a standby could not be made ready');
    }
  }

  return {
    start() {
      timer = setInterval(() => void look(), LOOK_MS);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

async function readRoom(free: number, memoryShare: number): Promise<number> {
  const use = await readMemoryUse();
  if (!use) return ROOM_UNKNOWN;
  const left = use.totalBytes * memoryShare - use.usedBytes + free * STANDBY_BYTES;
  return Math.max(0, Math.floor(Math.min(use.totalBytes * MAX_SHARE, left) / STANDBY_BYTES));
}
