import { EventEmitter } from 'node:events';
import { inStatement } from '@preau/telemetry';
import pg from 'pg';
import { currentAct } from '../audit/act.ts';
import { prepareBinding, queryBound } from './boundQuery.ts';
import { currentScope, type Scope } from './scope.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
/** A statement that takes longer is logged with the request that it is for. */
const SLOW_MS = 500;
const MAX_SHOWN = 200;
/** SQLSTATE of a session that somebody made forget what it had prepared. */
const UNKNOWN_STATEMENT = '26000';

/**
 * What may be kept in a connection's session: prepared statements, or nothing (behind PgBouncer's transaction
 * pooling, where the next statement may run in another session). A tenant is bound to a transaction either way.
 */
export type Binding = 'session' | 'transaction';

/** What a transaction is for: to change something, or to read one moment by many statements. */
export type TransactionMode = 'change' | 'snapshot';

const BEGIN = {
  change: 'BEGIN',
  snapshot: 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
} as const satisfies Record<TransactionMode, string>;

export interface ScopedPoolSettings {
  platformUrl: string;
  tenantUrl: string;
  /** Connections of each of the two roles. */
  size: number;
  binding?: Binding;
}

/**
 * Two pools, one for each serving role, behind the one interface that Payload's adapter and our own SQL use. The
 * scope of the caller decides, at checkout, which role serves and which tenant its transactions are bound to; no
 * connection keeps a tenant.
 */
export class ScopedPool extends EventEmitter {
  readonly #platform: pg.Pool;
  readonly #tenant: pg.Pool;
  readonly #binding: Binding;

  constructor({ platformUrl, tenantUrl, size, binding = 'session' }: ScopedPoolSettings) {
    super();
    this.#binding = binding;
    const common = {
      max: size,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      application_name: 'preau-backend',
    };
    this.#platform = new pg.Pool({ ...common, connectionString: platformUrl });
    this.#tenant = new pg.Pool({
      ...common,
      connectionString: tenantUrl,
      ...(this.prepares ? { onConnect: prepareBinding } : {}),
    });
    // An idle connection that breaks is dropped by its pool; without a listener it would end the process.
    for (const pool of [this.#platform, this.#tenant]) {
      pool.on('error', (error) => this.emit('idle-error', error));
      // One that breaks while somebody uses it says so to them, by the statement that fails.
      pool.on('connect', (client) => client.on('error', () => {}));
    }
  }

  /** Connections of each role, and who waits for one. */
  occupancy(): { role: 'platform' | 'tenant'; busy: number; idle: number; waiting: number }[] {
    return (
      [
        ['platform', this.#platform],
        ['tenant', this.#tenant],
      ] as const
    ).map(([role, pool]) => ({
      role,
      busy: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }));
  }

  /**
   * Whether a statement may be prepared under a name and be found again. Not behind PgBouncer's transaction
   * pooling: before 1.21 it sends the name to sessions that do not know it.
   */
  get prepares(): boolean {
    return this.#binding === 'session';
  }

  /** One statement, in a transaction of its own. */
  async run(scope: Scope, statement: pg.QueryConfig): Promise<pg.QueryResult> {
    const client = await this.#checkout(scope);
    let forgot = false;
    try {
      return await this.timed(statement.text, () =>
        scope.kind === 'platform'
          ? client.query(statement)
          : queryBound(client, scope.tenantId, statement, this.prepares),
      );
    } catch (cause) {
      forgot = cause instanceof pg.DatabaseError && cause.code === UNKNOWN_STATEMENT;
      throw cause;
    } finally {
      client.release(forgot);
    }
  }

  /** Work in one transaction: committed when it resolves, rolled back when it throws. */
  async transact<T>(
    scope: Scope,
    work: (client: pg.PoolClient) => Promise<T>,
    mode: TransactionMode = 'change',
  ): Promise<T> {
    const client = await this.#checkout(scope);
    let broken = false;
    try {
      await client.query(beginBound(scope, mode));
      const result = await work(client);
      await client.query('COMMIT');
      return result;
    } catch (cause) {
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      throw cause;
    } finally {
      client.release(broken);
    }
  }

  /** For Payload: a connection whose transactions are bound to the scope of the caller, as `pg.Pool.connect`. */
  async connect(): Promise<pg.PoolClient> {
    const scope = currentScope();
    return bindingAtBegin(await this.#checkout(scope), scope);
  }

  /** For Payload: one statement on a connection of its own, as `pg.Pool.query`. */
  async query(text: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> {
    const statement = typeof text === 'string' ? { text } : text;
    return this.run(currentScope(), values ? { ...statement, values } : statement);
  }

  /** Tells of a statement that takes long: `slow-statement`. */
  async timed(text: string, ask: () => Promise<pg.QueryResult>): Promise<pg.QueryResult> {
    const began = performance.now();
    const result = await inStatement(text, ask);
    const ms = performance.now() - began;
    // Never its values; a comment in the text would make every request a statement of its own.
    if (ms >= SLOW_MS)
      this.emit('slow-statement', {
        ms: Math.round(ms),
        requestId: currentAct().requestId,
        statement: text.trim().slice(0, MAX_SHOWN),
      });
    return result;
  }

  async end(): Promise<void> {
    await Promise.all([this.#platform.end(), this.#tenant.end()]);
  }

  #checkout(scope: Scope): Promise<pg.PoolClient> {
    return (scope.kind === 'platform' ? this.#platform : this.#tenant).connect();
  }
}

/** Begins a transaction and binds it, in one round trip. */
function beginBound(scope: Scope, mode: TransactionMode): string {
  if (scope.kind === 'platform') return BEGIN[mode];
  return `${BEGIN[mode]}; SELECT set_config('app.tenant_id', ${pg.escapeLiteral(scope.tenantId)}, true)`;
}

async function bindTransaction(client: pg.PoolClient, scope: Scope): Promise<void> {
  if (scope.kind === 'platform') return;
  await client.query("SELECT set_config('app.tenant_id', $1, true)", [scope.tenantId]);
}

/** A connection that binds the tenant inside each transaction that its user begins. */
function bindingAtBegin(client: pg.PoolClient, scope: Scope): pg.PoolClient {
  return new Proxy(client, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== 'function') return value;
      if (property !== 'query') return value.bind(target);
      return async (...statement: unknown[]) => {
        const [first] = statement;
        const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text;
        const result: unknown = await inStatement(text ?? '', async () => value.apply(target, statement));
        if (text && /^\s*(begin|start transaction)\b/i.test(text)) await bindTransaction(target, scope);
        return result;
      };
    },
  });
}
