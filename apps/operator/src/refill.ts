import type { Context } from './workflows/context.ts';

const LOOK_MS = 500;
/** Starts of one rush come a moment apart. */
const QUIET_MS = 1_000;

export interface Refill {
  start(): void;
  /** Starts no more; one that is warming up is left to itself. */
  stop(): void;
}

/** Keeps the driver's standbys ready, one after the other, while nobody waits for a start. */
export function openRefill({
  driver: { standbys },
  gate,
  release,
  log,
}: Pick<Context, 'driver' | 'gate' | 'release' | 'log'>): Refill {
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    standbys
      ?.tend(release, gate.emptyFor >= QUIET_MS)
      .catch((error: unknown) => log.warn({ error: String(error) }, 'a standby could not be made ready'));
  };
  return {
    start() {
      timer = setInterval(look, LOOK_MS);
    },
    stop() {
      clearInterval(timer);
    },
  };
}
