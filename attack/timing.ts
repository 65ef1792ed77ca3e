/**
 * Whether the time of an answer tells what exists elsewhere from what exists nowhere. Pairs of requests, the two of
 * a pair in random order, compared by Wilcoxon's signed-rank test: what slows the machine down slows both.
 */
import { randomInt } from 'node:crypto';
import type { Attack } from './attack.ts';
import { type Input, withValue } from './document.ts';
import type { Identity } from './identities.ts';
import { nobodys } from './names.ts';

const PAIRS = 80;
/** The first answers of a kind pay for what is loaded and cached. */
const WARM_UP = 5;

export interface Timing {
  operation: string;
  identity: string;
  /** Milliseconds that the answer takes longer, at the median, for what exists elsewhere. */
  difference: number;
  /** How likely so much of a difference is by chance. */
  chance: number;
}

/** Measures each reading operation that is let in and names something in its path. */
export async function measureTimes(
  attack: Attack,
  identities: readonly Identity[],
  say: (where: string) => void = () => {},
): Promise<Timing[]> {
  const timings: Timing[] = [];
  for (const identity of identities) {
    for (const operation of attack.document.operations) {
      if (operation.method !== 'GET' || !identity.admits(operation)) continue;
      const aimed = await attack.pathOf(identity, operation);
      if (!aimed) continue;
      say(`${identity.name}, ${operation.id}`);
      const headers = await identity.headers();
      const time = async (input: Input) =>
        (await attack.probe(await attack.request(operation, identity.name, 'time', input, headers), identity))
          .milliseconds;
      const there = aimed.input;
      const nowhere = () => withValue(there, aimed.slot, nobodys(aimed.value));
      for (let i = 0; i < WARM_UP; i += 1) {
        await time(there);
        await time(nowhere());
      }
      const differences: number[] = [];
      for (let pair = 0; pair < PAIRS; pair += 1) {
        if (randomInt(2) === 0) {
          const first = await time(there);
          differences.push(first - (await time(nowhere())));
        } else {
          const first = await time(nowhere());
          differences.push((await time(there)) - first);
        }
      }
      timings.push({
        operation: operation.id,
        identity: identity.name,
        difference: median(differences),
        chance: signedRank(differences),
      });
    }
  }
  return timings.sort((a, b) => a.chance - b.chance);
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}

/**
 * Wilcoxon's signed-rank test by its normal approximation, good from some twenty pairs.
 * @returns the chance (two-sided) of differences like these where neither side is slower
 */
export function signedRank(differences: readonly number[]): number {
  const ranked = differences.filter((each) => each !== 0).sort((a, b) => Math.abs(a) - Math.abs(b));
  const n = ranked.length;
  if (n === 0) return 1;
  const positive = ranked.reduce((sum, each, index) => sum + (each > 0 ? index + 1 : 0), 0);
  const mean = (n * (n + 1)) / 4;
  const deviation = Math.sqrt((n * (n + 1) * (2 * n + 1)) / 24);
  return 2 * (1 - normal(Math.abs(positive - mean) / deviation));
}

/** The normal distribution's sum up to z (Abramowitz and Stegun, 26.2.17). */
function normal(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const tail =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return 1 - density * tail;
}
