import type { KeyOwner } from '@preau/identity';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';

/**
 * Registers the public half of a key, bound to a release; earlier keys stay valid until they are revoked, and a
 * revoked one never comes back.
 * @param release undefined from an operator that does not bind releases yet
 * @param machine where the process is to run; another one than the instance's may not speak for it
 */
export async function registerKey(
  db: Db,
  { instanceId, kid }: { instanceId: string; kid: string },
  { x, release, machine }: { x: string; release?: string | undefined; machine?: string | undefined },
): Promise<void> {
  found(await db.maybe('SELECT 1 FROM instances WHERE id = $1', [instanceId]));
  // One statement with the instance: a machine that is said to be gone meanwhile adds no key behind that.
  const kept = await db.maybe(
    `INSERT INTO instance_keys (instance_id, kid, x, release)
     SELECT i.id, $2, $3, $4 FROM instances i WHERE i.id = $1 AND ($5::text IS NULL OR i.machine = $5) FOR SHARE OF i
     ON CONFLICT (kid) DO UPDATE SET updated_at = now()
       WHERE instance_keys.instance_id = excluded.instance_id AND instance_keys.x = excluded.x
         AND instance_keys.release IS NOT DISTINCT FROM excluded.release AND instance_keys.revoked_at IS NULL
     RETURNING id`,
    [instanceId, kid, x, release ?? null, machine ?? null],
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

/**
 * Whose these keys are. A key speaks for nobody once it is revoked, nor while its instance is suspended or gone;
 * an instance that is being resumed may speak already.
 */
export async function readOwners(db: Db, kids: readonly string[]): Promise<Map<string, KeyOwner>> {
  const rows = await db.query<{
    kid: string;
    x: string;
    release: string | null;
    instanceId: string;
    tenantId: string;
  }>(
    `SELECT k.kid, k.x, k.release, i.id AS "instanceId", i.tenant_id AS "tenantId"
     FROM instance_keys k JOIN instances i ON i.id = k.instance_id
     WHERE k.kid = ANY($1) AND k.revoked_at IS NULL AND i.tenant_id IS NOT NULL
       AND (i.wanted = 'running' OR i.lifecycle NOT IN ('suspended', 'archived', 'purging', 'purged'))`,
    [kids],
  );
  return new Map(
    rows.map(({ kid, x, release, instanceId, tenantId }) => [
      kid,
      {
        key: { kty: 'OKP', crv: 'Ed25519', x, kid },
        issuer: `instance:${instanceId}`,
        tenant: tenantId,
        release: release ?? undefined,
      },
    ]),
  );
}
