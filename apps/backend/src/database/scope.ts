import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * Whose rows a piece of work may touch. It is read once, synchronously, when a connection is checked out:
 * inside a query it would be the scope of whoever released the connection (reference: payload, result 1).
 */
export type Scope =
  | { kind: 'tenant'; tenantId: string }
  /** Platform tables only. */
  | { kind: 'platform' };

const storage = new AsyncLocalStorage<Scope>();
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Runs work in a scope; connections that it checks out are bound to it. */
export function inScope<T>(scope: Scope, work: () => T): T {
  if (scope.kind === 'tenant' && !UUID.test(scope.tenantId))
    throw new Error('a tenant scope needs a tenant id');
  return storage.run(scope, work);
}

/** The scope of the calling code. @throws where no scope is open: there is no default */
export function currentScope(): Scope {
  const scope = storage.getStore();
  if (!scope) throw new Error('a query outside of any scope: wrap the work in inScope()');
  return scope;
}
