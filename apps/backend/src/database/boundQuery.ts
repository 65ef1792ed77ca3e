import pg from 'pg';

declare module 'pg' {
  /** What the client calls while a query is under way (pg 8.23, lib/query.js). */
  interface Query {
    callback?: (error: Error | null, result: pg.QueryResult) => void;
    requiresPreparation(): boolean;
    prepare(connection: pg.Connection): void;
    handleDataRow(message: unknown): void;
    handleCommandComplete(message: unknown, connection: pg.Connection): void;
  }
}

/** The binding, where sessions keep prepared statements. */
const NAME = 'bind-tenant';
const BIND = "SELECT set_config('app.tenant_id', $1, true)";

/** For a new connection whose session is its own: what every later statement is sent with. */
export async function prepareBinding(client: pg.ClientBase): Promise<void> {
  await client.query({ name: NAME, text: BIND, values: [''] });
}

/**
 * One statement, bound to a tenant, in one round trip: the binding and the statement are sent together, before one
 * Sync. PostgreSQL carries them out in order as one transaction, skips the statement where the binding fails, and
 * forgets the binding when the transaction ends, whichever way.
 * @param prepared whether the session knows the binding by its name: see prepareBinding
 */
export function queryBound(
  client: pg.ClientBase,
  tenantId: string,
  statement: pg.QueryConfig,
  prepared: boolean,
): Promise<pg.QueryResult> {
  return new Promise<pg.QueryResult>((resolve, reject) => {
    const query = new BoundQuery(statement, tenantId, prepared);
    query.callback = (error, result) => (error ? reject(error) : resolve(result));
    client.query(query);
  }).catch((error: unknown) => {
    // As pg does: the stack leads to whoever asked, not to the socket.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  });
}

class BoundQuery extends pg.Query {
  readonly #tenantId: string;
  readonly #prepared: boolean;
  #bound = false;

  constructor(statement: pg.QueryConfig, tenantId: string, prepared: boolean) {
    super(statement);
    this.#tenantId = tenantId;
    this.#prepared = prepared;
  }

  /** Never by the simple protocol, which would end the transaction in between. */
  override requiresPreparation(): boolean {
    return true;
  }

  override prepare(connection: pg.Connection): void {
    if (!this.#prepared) connection.parse({ name: '', text: BIND, types: [] }, true);
    connection.bind({ statement: this.#prepared ? NAME : '', values: [this.#tenantId] }, true);
    connection.execute({}, true);
    super.prepare(connection);
  }

  override handleDataRow(message: unknown): void {
    if (this.#bound) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: pg.Connection): void {
    if (this.#bound) super.handleCommandComplete(message, connection);
    else this.#bound = true;
  }
}
