import { AsyncLocalStorage } from 'node:async_hooks';
import type { Caller, UserCaller } from './caller.ts';

interface Signed {
  caller: Caller;
  teaches: Teaches;
}
/** Courses that a user is a trainer of; asked for by rules that need it. */
type Teaches = () => Promise<readonly string[]>;

const storage = new AsyncLocalStorage<Signed>();

/** Runs Payload's handlers as a caller whom the server has identified. */
export function asCaller<T>(caller: Caller, teaches: Teaches, work: () => T): T {
  return storage.run({ caller, teaches }, work);
}

/** The caller as the user object that Payload's access rules see; null for everybody who may not use them. */
export function signedIn() {
  const caller = storage.getStore()?.caller;
  if (caller?.kind === 'user') return { ...caller.user, collection: 'users' as const };
  if (caller?.kind === 'staff') return { ...caller.staff, collection: 'staff' as const };
  return null;
}

/** The user on whose behalf Payload works, with the courses that they teach. */
export function signedInUser(): (UserCaller['user'] & { teaches: Teaches }) | null {
  const signed = storage.getStore();
  return signed?.caller.kind === 'user' ? { ...signed.caller.user, teaches: signed.teaches } : null;
}
