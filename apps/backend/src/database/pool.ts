import { EventEmitter } from 'node:events';
import pg from 'pg';
import { currentScope, type Scope } from './scope.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;
const CHECKOUT_ATTEMPTS = 3;

interface BoundClient extends pg.PoolClient {
  /** The tenant whose id the session carries now. */
  boundTenant?: string | undefined;
}

/**
 * How long a tenant stays bound to a connection: for the session (fast; one statement only when the tenant
 * changes), or for each transaction (behind PgBouncer's transaction pooling, where the next statement may run in
 * another session).
 */
export type Binding = 'session' | 'transaction';

export interface ScopedPoolSettings {
  platformUrl: string;
  tenantUrl: string;
  /** Connections of each of the two roles. */
  size: number;
  binding?: Binding;
}

/**
 * Two pools, one for each serving role, behind the one interface that Payload's adapter and our own SQL use.
 * The scope of the caller decides, at checkout, which role serves and which tenant the connection is bound to.
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
    this.#tenant = new pg.Pool({ ...common, connectionString: tenantUrl });
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

  /** One statement, or several that need no transaction, on a connection bound to the scope. */
  async perform<T>(scope: Scope, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    if (this.#binding === 'transaction' && scope.kind === 'tenant') return this.transact(scope, work);
    const client = await this.#checkout(scope);
    try {
      return await work(client);
    } finally {
      client.release();
    }
  }

  /** Work in one transaction: committed when it resolves, rolled back when it throws. */
  async transact<T>(scope: Scope, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.#checkout(scope);
    let broken = false;
    try {
      await client.query(this.#binding === 'transaction' ? beginBound(scope) : 'BEGIN');
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

  /** For Payload: a connection bound to the scope of the caller, as `pg.Pool.connect`. */
  async connect(): Promise<pg.PoolClient> {
    const scope = currentScope();
    const client = await this.#checkout(scope);
    return this.#binding === 'transaction' ? bindingAtBegin(client, scope) : client;
  }

  /** For Payload: one statement on a connection of its own, as `pg.Pool.query`. */
  query(...statement: unknown[]): Promise<pg.QueryResult> {
    return this.perform(currentScope(), (client) => {
      const run = client.query as (...args: unknown[]) => Promise<pg.QueryResult>;
      return run.apply(client, statement);
    });
  }

  async end(): Promise<void> {
    await Promise.all([this.#platform.end(), this.#tenant.end()]);
  }

  async #checkout(scope: Scope): Promise<pg.PoolClient> {
    if (scope.kind === 'platform') return this.#platform.connect();
    for (let attempt = 1; ; attempt += 1) {
      const client: BoundClient = await this.#tenant.connect();
      if (this.#binding === 'transaction' || client.boundTenant === scope.tenantId) return client;
      try {
        client.boundTenant = undefined;
        await client.query({
          name: 'bind-tenant',
          text: "SELECT set_config('app.tenant_id', $1, false)",
          values: [scope.tenantId],
        });
        client.boundTenant = scope.tenantId;
        return client;
      } catch (cause) {
        client.release(true);
        // It broke while it lay idle. Nothing was asked of it yet, so another one may serve.
        if (attempt === CHECKOUT_ATTEMPTS) throw cause;
      }
    }
  }
}

/** Begins a transaction and binds it, in one round trip. */
function beginBound(scope: Scope): string {
  if (scope.kind === 'platform') return 'BEGIN';
  return `BEGIN; SELECT set_config('app.tenant_id', ${pg.escapeLiteral(scope.tenantId)}, true)`;
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
        const result: unknown = await value.apply(target, statement);
        const [first] = statement;
        const text = typeof first === 'string' ? first : (first as { text?: string } | undefined)?.text;
        if (text && /^\s*(begin|start transaction)\b/i.test(text)) await bindTransaction(target, scope);
        return result;
      };
    },
  });
}
