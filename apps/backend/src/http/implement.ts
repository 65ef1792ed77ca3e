import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import type { BodyOf, Locale, Operation, ParamsOf, QueryOf, ResponseOf } from '@preau/contract';
import type { App } from '../app.ts';
import type { Visitor } from '../authentication/visitor.ts';
import type { Db } from '../database/db.ts';
import type { Scope } from '../database/scope.ts';
import type { Caller, CallerOf } from './caller.ts';

/** What every handler gets: validated input, who calls, and SQL bound to the caller's scope. */
export interface Context<O extends Operation = Operation> {
  params: ParamsOf<O>;
  query: QueryOf<O>;
  body: BodyOf<O>;
  caller: CallerOf<O['identity']>;
  /** What outlives the request. */
  app: App;
  /** Bound to the caller's tenant, or to the platform for everybody else. */
  db: Db;
  /** SQL in another scope, for the named operations that cross: the platform creating a tenant, and the like. */
  scoped(scope: Scope): Db;
  locale: Locale;
  requestId: string;
  /** The visitor's network address, as the hub, an instance or the gateway reports it. */
  clientAddress: string;
  /** Who knocks, for those who sign in. */
  visitor: Visitor;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
  request: IncomingMessage;
}

/** A body that is not JSON. */
export interface BinaryAnswer {
  /** Where it is not the operation's own: a part, or nothing new (RFC 9110 15.3.7, 15.4.5). */
  status?: 206 | 304 | 404 | 416;
  headers: Record<string, string>;
  body: Uint8Array | Readable;
}

type Result<O extends Operation> = O['kind'] extends 'binary'
  ? BinaryAnswer
  : O['kind'] extends 'events'
    ? AsyncIterable<ResponseOf<O>>
    : O['kind'] extends 'empty'
      ? // biome-ignore lint/suspicious/noConfusingVoidType: it is what a handler returns
        void
      : ResponseOf<O>;

export type Handler<O extends Operation> = (context: Context<O>) => Promise<Result<O>>;

export interface Implementation {
  operation: Operation;
  handler: (context: LooseContext) => Promise<unknown>;
}
export type LooseContext = Omit<Context, 'params' | 'query' | 'body' | 'caller'> & {
  params: unknown;
  query: unknown;
  body: unknown;
  caller: Caller;
};

/** Ties an operation of the contract to the code that carries it out. */
export function implement<const O extends Operation>(operation: O, handler: Handler<O>): Implementation {
  // The server validates by the operation's own schemas before it calls, which is what the types promise.
  return { operation, handler: handler as unknown as Implementation['handler'] };
}
