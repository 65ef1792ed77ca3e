import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';

/** Registers the public half of a key; earlier keys stay valid until they are revoked. */
export async function registerKey(
  db: Db,
  { instanceId, kid }: { instanceId: string; kid: string },
  x: string,
): Promise<void> {
  found(await db.maybe('SELECT 1 FROM instances WHERE id = $1', [instanceId]));
  // A key that was revoked for an undone provisioning comes back with its retry; another's never does.
  const kept = await db.maybe(
    `INSERT INTO instance_keys (instance_id, kid, x) VALUES ($1, $2, $3)
     ON CONFLICT (kid) DO UPDATE SET revoked_at = NULL, updated_at = now()
       WHERE instance_keys.instance_id = excluded.instance_id AND instance_keys.x = excluded.x
     RETURNING id`,
    [instanceId, kid, x],
  );
  if (!kept) refuse('conflict');
}

/** Revokes every key of an instance, or all but one. */
export async function revokeKeys(db: Db, instanceId: string, except: string | null): Promise<void> {
  found(await db.maybe('SELECT 1 FROM instances WHERE id = $1', [instanceId]));
  await db.query(
    `UPDATE instance_keys SET revoked_at = now(), updated_at = now()
     WHERE instance_id = $1 AND revoked_at IS NULL AND kid IS DISTINCT FROM $2`,
    [instanceId, except],
  );
}
