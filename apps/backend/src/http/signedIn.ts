import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller } from './caller.ts';

const storage = new AsyncLocalStorage<Caller>();

/** Runs Payload's handlers as a caller whom the server has identified. */
export function asCaller<T>(caller: Caller, work: () => T): T {
  return storage.run(caller, work);
}

/** The caller as the user object that Payload's access rules see; null for everybody who may not use them. */
export function signedIn() {
  const caller = storage.getStore();
  if (caller?.kind === 'user') return { ...caller.user, collection: 'users' as const };
  if (caller?.kind === 'staff') return { ...caller.staff, collection: 'staff' as const };
  return null;
}
