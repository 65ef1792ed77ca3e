import { EventEmitter } from 'node:events';
import pg from 'pg';
import { currentScope, type Scope } from './scope.ts';

const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_TIMEOUT_MS = 30_000;

interface BoundClient extends pg.PoolClient {
  /** The tenant whose id the session carries now. */
  boundTenant?: string | undefined;
}

export interface ScopedPoolSettings {
  platformUrl: string;
  tenantUrl: string;
  /** Connections of each of the two roles. */
  size: number;
}

/**
 * Two pools, one for each serving role, behind the one interface that Payload's adapter and our own SQL use.
 * The scope of the caller decides, at checkout, which role serves and which tenant the connection is bound to.
 */
export class ScopedPool extends EventEmitter {
  readonly #platform: pg.Pool;
  readonly #tenant: pg.Pool;

  constructor({ platformUrl, tenantUrl, size }: ScopedPoolSettings) {
    super();
    const common = {
      max: size,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      idleTimeoutMillis: IDLE_TIMEOUT_MS,
      application_name: 'preau-backend',
    };
    this.#platform = new pg.Pool({ ...common, connectionString: platformUrl });
    this.#tenant = new pg.Pool({ ...common, connectionString: tenantUrl });
    // An idle connection that breaks is dropped by its pool; without a listener it would end the process.
    for (const pool of [this.#platform, this.#tenant])
      pool.on('error', (error) => this.emit('idle-error', error));
  }

  /** Checks out a connection that is bound to the scope of the caller. */
  connect(): Promise<pg.PoolClient> {
    return this.checkout(currentScope());
  }

  async checkout(scope: Scope): Promise<pg.PoolClient> {
    if (scope.kind === 'platform') return this.#platform.connect();
    const client: BoundClient = await this.#tenant.connect();
    if (client.boundTenant === scope.tenantId) return client;
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
      throw cause;
    }
  }

  /** One statement on a connection of its own, as `pg.Pool.query`. */
  async query(...statement: unknown[]): Promise<pg.QueryResult> {
    const client = await this.checkout(currentScope());
    try {
      const run = client.query as (...args: unknown[]) => Promise<pg.QueryResult>;
      return await run.apply(client, statement);
    } finally {
      client.release();
    }
  }

  async end(): Promise<void> {
    await Promise.all([this.#platform.end(), this.#tenant.end()]);
  }

  get totalCount(): number {
    return this.#platform.totalCount + this.#tenant.totalCount;
  }
}
