import pg from 'pg';
import { serialize } from 'pg-protocol';

declare module 'pg' {
  interface Connection {
    parsedStatements: Record<string, string>;
    submittedNamedStatements: Record<string, string>;
  }
  /** What a row is made with (pg 8.23, lib/result.js). */
  interface Result {
    fields: pg.FieldDef[];
    _parsers: unknown;
    _prebuiltEmptyResultObject: unknown;
  }
  /** What the client calls while a query is under way (pg 8.23, lib/query.js). */
  interface Query {
    name: string | undefined;
    _result: pg.Result;
    _accumulateRows: boolean;
    callback?: (error: Error | null, result: pg.QueryResult) => void;
    requiresPreparation(): boolean;
    prepare(connection: Pick<pg.Connection, 'parsedStatements' | 'submittedNamedStatements'>): void;
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

/** What a row of a statement is made of: said once a session for each statement that it keeps. */
type Shape = Pick<pg.Result, 'fields' | '_parsers' | '_prebuiltEmptyResultObject'>;
const shapes = new WeakMap<pg.Connection, Map<string, Shape>>();

function shapesOf(connection: pg.Connection): Map<string, Shape> {
  let known = shapes.get(connection);
  if (!known) {
    known = new Map();
    shapes.set(connection, known);
  }
  return known;
}

/** Gathers messages, to send them in one piece: written one by one they cost as much as making them. */
class Messages {
  readonly parsedStatements: Record<string, string>;
  readonly submittedNamedStatements: Record<string, string>;
  readonly #pieces: Buffer[] = [];
  readonly #describes: boolean;

  /** @param describes whether to ask what rows are made of */
  constructor({ parsedStatements, submittedNamedStatements }: pg.Connection, describes: boolean) {
    this.parsedStatements = parsedStatements;
    this.submittedNamedStatements = submittedNamedStatements;
    this.#describes = describes;
  }

  parse = (config: Parameters<typeof serialize.parse>[0]) => this.#add(serialize.parse(config));
  bind = (config: Parameters<typeof serialize.bind>[0]) => this.#add(serialize.bind(config));
  execute = (config: Parameters<typeof serialize.execute>[0]) => this.#add(serialize.execute(config));
  close = (config: Parameters<typeof serialize.close>[0]) => this.#add(serialize.close(config));
  sync = () => this.#add(serialize.sync());
  describe = (config: Parameters<typeof serialize.describe>[0]) => {
    if (this.#describes) this.#add(serialize.describe(config));
  };

  #add(piece: Buffer): void {
    this.#pieces.push(piece);
  }

  whole(): Buffer {
    return Buffer.concat(this.#pieces);
  }
}

class BoundQuery extends pg.Query {
  readonly #tenantId: string;
  readonly #prepared: boolean;
  #bound = false;
  #described = true;

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
    const shape = this.name ? shapesOf(connection).get(this.name) : undefined;
    if (shape) {
      this.#described = false;
      this._accumulateRows = true;
      Object.assign(this._result, shape);
    }
    const messages = new Messages(connection, this.#described);
    if (!this.#prepared) messages.parse({ name: '', text: BIND, types: [] });
    messages.bind({ statement: this.#prepared ? NAME : '', values: [this.#tenantId] });
    messages.execute({});
    super.prepare(messages);
    // As pg does: a socket that is gone has its queries fail by its end.
    if (connection.stream.writable) connection.stream.write(messages.whole());
  }

  override handleDataRow(message: unknown): void {
    if (this.#bound) super.handleDataRow(message);
  }

  override handleCommandComplete(message: unknown, connection: pg.Connection): void {
    if (!this.#bound) {
      this.#bound = true;
      return;
    }
    if (this.#described && this.name) {
      const { fields, _parsers, _prebuiltEmptyResultObject } = this._result;
      shapesOf(connection).set(this.name, { fields, _parsers, _prebuiltEmptyResultObject });
    }
    super.handleCommandComplete(message, connection);
  }
}
