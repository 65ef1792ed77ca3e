import { setImmediate as endOfTurn } from 'node:timers/promises';
import { Problem } from '../http/problem.ts';
import type { Db } from './db.ts';

/** Writes of one statement. */
const MAX_GROUP = 100;
/** Who comes beyond that is told to come again: memory has a bound whatever the database does. */
const MAX_WAITING = 2_000;
/** Faults of rows (SQLSTATE classes data, integrity, rollback): without the row at fault the others succeed. */
const OF_ROWS = /^(?:22|23|40)/;

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

/**
 * Small writes of one tenant, gathered: those that come while an earlier group is being made durable wait and then
 * go together, by one statement and one commit. Everybody is answered when their own write is durable. A tenant has
 * one group under way at a time, so writes keep the order in which they came. Nobody shares a statement with another
 * tenant.
 */
export class GroupCommit<Item, Result> {
  readonly #write: (db: Db, items: readonly Item[]) => Promise<readonly Result[]>;
  readonly #tenants = new Map<string, Waiting<Item, Result>[]>();

  /** @param write makes the items durable by one statement; answers a result for each, in their order */
  constructor(write: (db: Db, items: readonly Item[]) => Promise<readonly Result[]>) {
    this.#write = write;
  }

  /** @param db of a tenant, outside of any transaction @throws Problem `unavailable` where too many wait */
  write(db: Db, item: Item): Promise<Result> {
    const { scope } = db;
    if (scope.kind !== 'tenant') throw new Error('only the writes of one tenant go together');
    return new Promise((resolve, reject) => {
      const entry = { item, resolve, reject };
      const waiting = this.#tenants.get(scope.tenantId);
      if (!waiting) {
        this.#tenants.set(scope.tenantId, [entry]);
        void this.#drain(db, scope.tenantId);
      } else if (waiting.length < MAX_WAITING) waiting.push(entry);
      else reject(new Problem('unavailable'));
    });
  }

  async #drain(db: Db, tenantId: string): Promise<void> {
    const waiting = this.#tenants.get(tenantId) ?? [];
    // Requests that the same turn of the event loop reads come along.
    await endOfTurn();
    while (waiting.length > 0) await this.#settle(db, waiting.splice(0, MAX_GROUP));
    this.#tenants.delete(tenantId);
  }

  /** One row at fault must not fail its neighbours: the group is halved until it stands alone. */
  async #settle(db: Db, group: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await this.#write(
        db,
        group.map(({ item }) => item),
      );
      for (const [at, { resolve }] of group.entries()) resolve(results[at] as Result);
    } catch (error) {
      if (group.length === 1 || !isOfRows(error)) {
        for (const { reject } of group) reject(error);
        return;
      }
      const half = Math.ceil(group.length / 2);
      await this.#settle(db, group.slice(0, half));
      await this.#settle(db, group.slice(half));
    }
  }
}

function isOfRows(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && OF_ROWS.test(error.code)
  );
}
