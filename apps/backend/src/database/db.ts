import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { ScopedPool, TransactionMode } from './pool.ts';
import { inScope, type Scope } from './scope.ts';

type Row = pg.QueryResultRow;

/** SQL bound to one scope. Where the pool allows it, each text is parsed and planned once a connection. */
export interface Db {
  readonly scope: Scope;
  query<T extends Row>(text: string, values?: readonly unknown[]): Promise<T[]>;
  /** Exactly the first row. @throws where there is none */
  one<T extends Row>(text: string, values?: readonly unknown[]): Promise<T>;
  /** The first row, or undefined. */
  maybe<T extends Row>(text: string, values?: readonly unknown[]): Promise<T | undefined>;
  /** Runs work in one transaction: committed when it resolves, rolled back when it throws. */
  transaction<T>(work: (tx: Db) => Promise<T>): Promise<T>;
  /**
   * Runs reads that must agree with each other: every statement sees the moment of the first, and none may change
   * anything. @throws inside a transaction, which has begun to see
   */
  snapshot<T>(read: (tx: Db) => Promise<T>): Promise<T>;
  /**
   * Work that should hold its locks as briefly as possible: done just before the outermost transaction commits, in
   * the order it was asked for, unless the savepoint that asked for it was undone. Outside of a transaction it is
   * done at once, in one of its own.
   */
  beforeCommit(work: Work): Promise<void>;
}
type Work = (tx: Db) => Promise<void>;

const names = new Map<string, string>();
const MAX_NAMES = 2_000;

function statementName(text: string): string {
  let name = names.get(text);
  if (!name) {
    name = createHash('sha1').update(text).digest('base64url').slice(0, 20);
    // Texts are ours and few; a text built from input would grow without end, so the cache has a bound.
    if (names.size < MAX_NAMES) names.set(text, name);
  }
  return name;
}

type Executor = (text: string, values: readonly unknown[]) => Promise<pg.QueryResult>;

function over(
  scope: Scope,
  run: Executor,
  { transaction, snapshot, beforeCommit }: Pick<Db, 'transaction' | 'snapshot' | 'beforeCommit'>,
): Db {
  const query = async <T extends Row>(text: string, values: readonly unknown[] = []) =>
    (await run(text, values)).rows as T[];
  return {
    scope,
    query,
    async one<T extends Row>(text: string, values: readonly unknown[] = []) {
      const [row] = await query<T>(text, values);
      if (!row) throw new Error('a statement that must answer a row answered none');
      return row;
    },
    async maybe<T extends Row>(text: string, values: readonly unknown[] = []) {
      return (await query<T>(text, values))[0];
    },
    transaction,
    snapshot,
    beforeCommit,
  };
}

function statementOf(pool: ScopedPool, text: string, values: readonly unknown[]): pg.QueryConfig {
  return { text, values: [...values], ...(pool.prepares ? { name: statementName(text) } : {}) };
}

function executor(pool: ScopedPool, client: pg.PoolClient): Executor {
  return (text, values) => pool.timed(text, () => client.query(statementOf(pool, text, values)));
}

/** SQL in a scope; inside a transaction, `transaction` opens a savepoint. */
export function openDb(pool: ScopedPool, scope: Scope): Db {
  const transact = <T>(work: (tx: Db) => Promise<T>, mode: TransactionMode): Promise<T> =>
    pool.transact(
      scope,
      (client) =>
        inScope(scope, async () => {
          const last: Work[] = [];
          const tx = nested(pool, scope, client, 1, last);
          const result = await work(tx);
          // What is added meanwhile is done too.
          for (const each of last) await each(tx);
          return result;
        }),
      mode,
    );
  return over(scope, (text, values) => pool.run(scope, statementOf(pool, text, values)), {
    transaction: (work) => transact(work, 'change'),
    snapshot: (read) => transact(read, 'snapshot'),
    beforeCommit: (work) => transact(work, 'change'),
  });
}

function nested(pool: ScopedPool, scope: Scope, client: pg.PoolClient, depth: number, last: Work[]): Db {
  return over(scope, executor(pool, client), {
    async transaction(work) {
      const savepoint = `s${depth}`;
      const own: Work[] = [];
      await client.query(`SAVEPOINT ${savepoint}`);
      try {
        const result = await work(nested(pool, scope, client, depth + 1, own));
        await client.query(`RELEASE SAVEPOINT ${savepoint}`);
        last.push(...own);
        return result;
      } catch (cause) {
        await client.query(`ROLLBACK TO SAVEPOINT ${savepoint}`);
        throw cause;
      }
    },
    async snapshot() {
      throw new Error('a snapshot begins a transaction of its own');
    },
    async beforeCommit(work) {
      last.push(work);
    },
  });
}
