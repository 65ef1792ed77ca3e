import type { Db } from '../database/db.ts';
import type { Caller } from '../http/caller.ts';

export interface Actor {
  kind: 'account' | 'staff' | 'service' | 'user' | 'system';
  name: string;
  /** The visitor's network address, where there is a visitor. */
  ip: string | null;
}

export interface AuditEvent {
  /** `noun.verb`, in the past: `order.placed`. */
  action: string;
  /** The id of what it was done to. */
  target?: string | null;
  organisationId?: string | null;
  details?: Record<string, unknown>;
}

export const system: Actor = { kind: 'system', name: 'preau', ip: null };

/** Who acts, for the log. */
export function actorOf(caller: Caller, clientAddress: string): Actor {
  switch (caller.kind) {
    case 'account':
      return { kind: 'account', name: caller.account.email, ip: clientAddress };
    case 'staff':
      return { kind: 'staff', name: caller.staff.email, ip: clientAddress };
    case 'user':
      return { kind: 'user', name: caller.user.id, ip: clientAddress };
    case 'service':
      return { kind: 'service', name: caller.service, ip: null };
    case 'instance':
      return { kind: 'service', name: `instance:${caller.instanceId}`, ip: null };
    case 'anonymous':
      return { kind: 'service', name: 'anonymous', ip: clientAddress };
  }
}

/** Writes down what was done, in the transaction that does it. The log can only grow. */
export async function recordAudit(db: Db, actor: Actor, event: AuditEvent): Promise<void> {
  await db.query(
    `INSERT INTO audit_events (actor_kind, actor, action, target, organisation_id, ip, details)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      actor.kind,
      actor.name,
      event.action,
      event.target ?? null,
      event.organisationId ?? null,
      actor.ip,
      JSON.stringify(event.details ?? {}),
    ],
  );
}
