import { AsyncLocalStorage } from 'node:async_hooks';
import type { actorKind } from '@preau/contract/audit';
import type { z } from 'zod';
import type { Caller } from '../http/caller.ts';

/** Who does something: ids only, their names are looked up when the log is read. */
export interface Actor {
  kind: z.infer<typeof actorKind>;
  /** Of the account, member of staff or user; of a service its name; null for visitors and for ourselves. */
  id: string | null;
}

/** Who acts, from where, in which request. */
export interface Act {
  actor: Actor;
  /** The support access on behalf of which staff act. */
  onBehalfOf: string | null;
  /** Network address of the visitor. */
  address: string | null;
  requestId: string | null;
}

const storage = new AsyncLocalStorage<Act>();

/** Runs work as an act, which every entry that it records then names. */
export function acting<T>(act: Act, work: () => T): T {
  return storage.run(act, work);
}

/** The act that the calling code is part of; outside of any request it is the platform itself. */
export function currentAct(): Act {
  return (
    storage.getStore() ?? {
      actor: { kind: 'system', id: null },
      onBehalfOf: null,
      address: null,
      requestId: null,
    }
  );
}

/** The act of a request. */
export function actOf(caller: Caller, address: string, requestId: string): Act {
  return {
    actor: actorOf(caller),
    onBehalfOf: caller.kind === 'user' ? (caller.support?.accessId ?? null) : null,
    // A process's own address tells nothing about anybody.
    address: caller.kind === 'service' && caller.service === 'operator' ? null : address || null,
    requestId,
  };
}

function actorOf(caller: Caller): Actor {
  switch (caller.kind) {
    case 'account':
      return { kind: 'account', id: caller.account.id };
    case 'staff':
      return { kind: 'staff', id: caller.staff.id };
    case 'user':
      if (caller.probe) return { kind: 'service', id: 'operator' };
      return caller.support
        ? { kind: 'staff', id: caller.support.staffId }
        : { kind: 'user', id: caller.user.id };
    case 'service':
      return { kind: 'service', id: caller.service };
    case 'instance':
    case 'anonymous':
      return { kind: 'visitor', id: null };
  }
}
