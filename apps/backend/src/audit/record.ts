import type { PlatformAction, TenantAction } from '@preau/contract/audit';
import type { Db } from '../database/db.ts';
import { type Act, type Actor, currentAct } from './act.ts';
import { canonical, commit } from './entry.ts';
import { noteGrowth } from './growth.ts';

type Detail = string | number | boolean | null | readonly string[];

export interface AuditEvent<Action = TenantAction | PlatformAction> {
  action: Action;
  /** The id of what it was done to. */
  target?: string | null;
  /** Kept among the details: whose customer it concerns. */
  organisationId?: string | null;
  /** Ids, choices and numbers. Nothing that names somebody: it could never be erased. */
  details?: Record<string, Detail | undefined>;
  /** An address that was typed. As the note it is kept apart and erased after a year. */
  email?: string;
  /** The reason that somebody gave, in their words. */
  note?: string;
  /** Where it is not the caller: whoever a sign-in has just made out. */
  actor?: Actor;
}

/**
 * Writes down what was done, in the log of the scope that `db` is bound to: a tenant's own, or the platform's.
 * Call it in the transaction that does the thing; the entry is written as the last thing before that commits, so
 * that a chain is never locked for longer. @throws with the transaction where the entry cannot be written
 */
export function record(db: Db, event: AuditEvent): Promise<void> {
  const act = currentAct();
  return db.beforeCommit((tx) => write(tx, act, event));
}

async function write(tx: Db, act: Act, event: AuditEvent): Promise<void> {
  const actor = event.actor ?? act.actor;
  const { commitment, particulars } = commit({
    ...(act.address ? { address: act.address } : {}),
    ...(event.email ? { email: event.email } : {}),
    ...(event.note ? { note: event.note } : {}),
  });
  const tenant = tx.scope.kind === 'tenant';
  await tx.query(tenant ? WRITE.tenant : WRITE.platform, [
    event.action,
    actor.kind,
    actor.id,
    act.onBehalfOf,
    event.target ?? null,
    act.requestId,
    canonical({
      ...event.details,
      ...(event.organisationId ? { organisationId: event.organisationId } : {}),
    }),
    commitment,
    particulars?.salt ?? null,
    particulars?.data ?? null,
  ]);
  if (tx.scope.kind === 'tenant') noteGrowth(tx.scope.tenantId);
}

const writing = (entries: string, particulars: string) => `
WITH entry AS (
  INSERT INTO ${entries} (action, actor_kind, actor, on_behalf_of, target, request_id, details, commitment)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id
)
INSERT INTO ${particulars} (entry_id, salt, data)
SELECT entry.id, $9::text, $10::text FROM entry WHERE $9::text IS NOT NULL`;

const WRITE = {
  tenant: writing('audit_entries', 'audit_particulars'),
  platform: writing('platform_audit_entries', 'platform_audit_particulars'),
};
