import type { RateLimit } from '@preau/contract';
import { LRUCache } from 'lru-cache';
import type { Caller } from './caller.ts';
import { Problem } from './problem.ts';

const MAX_KEYS = 50_000;
/** Of everything together, for each person: far more than anybody clicks, far less than a script could ask. */
const EVERYTHING: RateLimit = { max: 1_200, windowSeconds: 60, by: 'caller' };

interface Window {
  began: number;
  count: number;
  previous: number;
}

/**
 * Sliding-window counters in memory: the last window counts by the share of it that still lies within the
 * window's length. One process serves; several would each allow the maximum.
 */
export class RateLimits {
  readonly #windows = new LRUCache<string, Window>({ max: MAX_KEYS });
  readonly #factor: number;

  /** @param factor multiplies every maximum: a bench or a journey that signs hundreds in sets it above 1 */
  constructor(factor: number) {
    this.#factor = factor;
  }

  /** Counts one request of a person, whatever it asks for. @throws Problem `rate-limited` */
  countPerson(caller: Caller, now = Date.now()): void {
    const person = personOf(caller);
    if (person) this.count('everything', EVERYTHING, person, now);
  }

  /** Counts one request. @throws Problem `rate-limited` with the seconds to wait */
  count(operationId: string, limit: RateLimit, key: string, now = Date.now()): void {
    const length = limit.windowSeconds * 1_000;
    const name = `${operationId}\0${limit.by}\0${key}`;
    let window = this.#windows.get(name);
    if (!window || now - window.began >= 2 * length) {
      window = { began: now, count: 0, previous: 0 };
    } else if (now - window.began >= length) {
      window = { began: window.began + length, count: 0, previous: window.count };
    }
    const share = 1 - (now - window.began) / length;
    this.#windows.set(name, window);
    if (window.count + window.previous * share >= limit.max * this.#factor) {
      throw new Problem('rate-limited', {
        seconds: Math.max(1, Math.ceil((window.began + length - now) / 1_000)),
      });
    }
    window.count += 1;
  }
}

function personOf(caller: Caller): string | undefined {
  switch (caller.kind) {
    case 'account':
      return caller.account.id;
    case 'staff':
      return caller.staff.id;
    case 'user':
      return caller.user.id;
    default:
      return undefined;
  }
}
