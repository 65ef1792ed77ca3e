import {
  type Claims,
  IdentityError,
  type KeyOwner,
  keyIdOf,
  type PublicKey,
  type TokenFault,
  verifyToken,
} from '@preau/identity';
import { LRUCache } from 'lru-cache';
import type { Notifications } from '../database/events.ts';

/** How long a key may be believed that nobody would tell us of: the promise of a revocation is five seconds. */
const BELIEVED_MS = 4_000;
/** As many as keys: with fewer, a fleet whose tenants take turns would have each token verified anew (measured with 10,000). */
const MAX_TOKENS = 20_000;
/** Some 500 bytes each. */
const MAX_KEYS = 20_000;
const MAX_UNKNOWN = 10_000;
/** Key ids that are looked for in one query. */
const BATCH = 500;
/** Who waits for a look-up beyond that is told to come again: memory has a bound whoever floods us. */
const MAX_WAITING = 2_000;

/** Whose the keys of these ids are; the unknown, the revoked and those of suspended instances are not among them. */
export type ReadOwners = (kids: readonly string[]) => Promise<Map<string, KeyOwner>>;

interface Known {
  owner: KeyOwner;
  readAt: number;
}
interface Believed {
  claims: Claims;
  goodUntil: number;
  by: KeyOwner;
}

/** Who a token stands for, or why it is not believed. */
type Identified = { claims: Claims } | { claims: undefined; fault: TokenFault };
const disbelieved = (fault: TokenFault): Identified => ({ claims: undefined, fault });

/** Too many key ids that nobody knows are being asked for at once. */
export class LookUpsExhausted extends Error {
  override name = 'LookUpsExhausted';
}

/**
 * Says whose a process's token is. On the hot path that is two look-ups in memory: a key that was read once is
 * believed for as long as the database's notifications are proven to arrive, which tell of every change of a key;
 * where they do not (a broken line, PgBouncer), for four seconds. Unknown key ids are looked for one query at a
 * time, however many are asked for, and remembered in a cache of their own, so that no flood of them turns out
 * what is known.
 */
export class Bearers {
  readonly #services = new Map<string, KeyOwner>();
  readonly #tokens = new LRUCache<string, Believed>({ max: MAX_TOKENS });
  readonly #keys = new LRUCache<string, Known>({ max: MAX_KEYS });
  readonly #unknown = new LRUCache<string, true>({ max: MAX_UNKNOWN, ttl: BELIEVED_MS });
  readonly #waiting = new Map<string, ((result: KeyOwner | undefined | Error) => void)[]>();
  readonly #read: ReadOwners;
  readonly #line: Pick<Notifications, 'provenSince'>;
  #waiters = 0;
  #reading = false;
  /** Changes that were announced; a read that one overtook is not remembered. */
  #changes = 0;

  constructor(
    read: ReadOwners,
    services: Record<'hub' | 'operator', PublicKey[]>,
    line: Pick<Notifications, 'provenSince' | 'on'>,
  ) {
    this.#read = read;
    this.#line = line;
    for (const issuer of ['hub', 'operator'] as const) {
      for (const key of services[issuer]) this.#services.set(key.kid, { key, issuer });
    }
    line.on('preau_instance', ({ instanceId }) => this.#forget(`instance:${instanceId}`));
  }

  /** @throws LookUpsExhausted */
  async identify(token: string): Promise<Identified> {
    const known = this.#tokens.get(token);
    if (known && Date.now() < known.goodUntil) {
      const owner = this.#remembered(known.by.key.kid) ?? (await this.#lookUp(known.by.key.kid));
      // The same object: what it was verified against is what is registered now.
      if (owner === known.by) return known;
    }
    const kid = keyIdOf(token);
    if (kid === undefined) return disbelieved('malformed');
    const owner = this.#remembered(kid) ?? (await this.#lookUp(kid));
    if (!owner) return disbelieved('unknown-key');
    try {
      const { claims, goodUntil } = await verifyToken(token, owner);
      const believed = { claims, goodUntil, by: owner };
      this.#tokens.set(token, believed);
      return believed;
    } catch (error) {
      if (error instanceof IdentityError) return disbelieved(error.fault);
      throw error;
    }
  }

  #remembered(kid: string): KeyOwner | undefined {
    const service = this.#services.get(kid);
    if (service) return service;
    const known = this.#keys.get(kid);
    if (!known) return undefined;
    const since = this.#line.provenSince();
    const told = since !== undefined && known.readAt >= since;
    return told || performance.now() - known.readAt < BELIEVED_MS ? known.owner : undefined;
  }

  #lookUp(kid: string): Promise<KeyOwner | undefined> {
    if (this.#unknown.has(kid)) return Promise.resolve(undefined);
    if (this.#waiters >= MAX_WAITING) return Promise.reject(new LookUpsExhausted('too many unknown key ids'));
    this.#waiters += 1;
    return new Promise<KeyOwner | undefined>((resolve, reject) => {
      const waiting = this.#waiting.get(kid) ?? [];
      waiting.push((result) => {
        this.#waiters -= 1;
        if (result instanceof Error) reject(result);
        else resolve(result);
      });
      this.#waiting.set(kid, waiting);
      void this.#readWaiting();
    });
  }

  async #readWaiting(): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      while (this.#waiting.size > 0) {
        const batch = [...this.#waiting].slice(0, BATCH);
        for (const [kid] of batch) this.#waiting.delete(kid);
        const readAt = performance.now();
        const changes = this.#changes;
        const found = await this.#read(batch.map(([kid]) => kid)).catch((error: unknown) =>
          error instanceof Error ? error : new Error(String(error)),
        );
        for (const [kid, tell] of batch) {
          const owner = found instanceof Error ? found : this.#keep(kid, found.get(kid), readAt, changes);
          for (const one of tell) one(owner);
        }
      }
    } finally {
      this.#reading = false;
    }
  }

  #keep(kid: string, read: KeyOwner | undefined, readAt: number, changes: number): KeyOwner | undefined {
    const before = this.#keys.peek(kid)?.owner;
    // Tokens that were verified against the same facts stay verified.
    const owner = before && read && isSame(before, read) ? before : read;
    if (changes === this.#changes) {
      if (owner) this.#keys.set(kid, { owner, readAt });
      else this.#unknown.set(kid, true);
    }
    if (!owner) this.#keys.delete(kid);
    return owner;
  }

  #forget(issuer: string): void {
    this.#changes += 1;
    this.#unknown.clear();
    for (const known of this.#keys.values()) {
      // Kept, but too old to be believed: the next token asks again.
      if (known.owner.issuer === issuer) known.readAt = Number.NEGATIVE_INFINITY;
    }
  }
}

function isSame(one: KeyOwner, other: KeyOwner): boolean {
  return (
    one.key.x === other.key.x &&
    one.issuer === other.issuer &&
    one.tenant === other.tenant &&
    one.release === other.release
  );
}
