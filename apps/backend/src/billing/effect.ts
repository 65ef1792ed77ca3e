import type { Db } from '../database/db.ts';

/** Records what follows from a revision. @returns false where it has followed already */
export async function recordEffect(
  tx: Db,
  { subscriptionId, revision }: { subscriptionId: string; revision: number },
  kind: string,
): Promise<boolean> {
  const effect = await tx.maybe(
    `INSERT INTO effects (subscription_id, revision, kind) VALUES ($1, $2, $3)
     ON CONFLICT (subscription_id, revision, kind) DO NOTHING RETURNING id`,
    [subscriptionId, revision, kind],
  );
  return Boolean(effect);
}
