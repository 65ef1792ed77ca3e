import { logsWanted } from './settings.ts';

/*
 * Logs on another system (decision 177): where a collector is configured each line goes there too, besides the standard
 * output. Elsewhere nothing of OpenTelemetry is loaded, and whoever logs writes as before.
 */

/** What pino, or anybody who writes lines, writes to. */
export interface Lines {
  write(line: string): void;
}

/** What `start.ts` gives the process once the SDK is loaded. */
export interface Shipper {
  /** @param line JSON in pino's shape */
  ship(line: string): void;
  flush(): Promise<void>;
}

/** Lines from before the SDK is there; more are not kept, as a process that logs so much at its start is in trouble. */
const MAX_EARLY = 1_000;

const KEY = Symbol.for('preau.logs');
/** One for the process: several bundles may log. */
const holder = globalThis as { [KEY]?: { shipper?: Shipper; early: string[] } };

export function useShipper(shipper: Shipper): void {
  const { early = [] } = holder[KEY] ?? {};
  holder[KEY] = { shipper, early: [] };
  for (const line of early) shipper.ship(line);
}

export const shipper = (): Shipper | undefined => holder[KEY]?.shipper;

/** Hands a line over, where logs go to a collector. */
export function ship(line: string): void {
  holder[KEY] ??= { early: [] };
  const { shipper, early } = holder[KEY];
  if (shipper) shipper.ship(line);
  else if (early.length < MAX_EARLY) early.push(line);
}

/** The same destination; where logs go to a collector too, one that hands each line over besides. */
export function shipped<Destination extends Lines>(destination: Destination): Destination | Lines {
  if (!logsWanted(process.env)) return destination;
  return {
    write(line) {
      destination.write(line);
      ship(line);
    },
  };
}
