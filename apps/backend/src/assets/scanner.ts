import type { Readable } from 'node:stream';

export type Verdict = { state: 'clean' } | { state: 'infected'; threat: string };

/** Looks for viruses in a file. */
export interface Scanner {
  /** @throws where no verdict was reached: the scanner is down, busy, or refuses the size */
  scan(file: Readable): Promise<Verdict>;
  /** Name and version, for staff. @throws where it does not answer */
  version(): Promise<string>;
}
