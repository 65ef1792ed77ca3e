import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { freeSuggestions } from '../orders/claim.ts';
import { skeletonOf } from '../orders/subdomain.ts';

/** Turns the reservation that was paid for into ownership; repeating changes nothing. */
export async function ownSlug(db: Db, instanceId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const { slug, organisationId } = found(
      await tx.maybe<{ slug: string; organisationId: string }>(
        'SELECT slug, organisation_id AS "organisationId" FROM instances WHERE id = $1',
        [instanceId],
      ),
    );
    const owned = await tx.maybe(
      `INSERT INTO slug_claims (slug, skeleton, state, organisation_id, instance_id, expires_at)
       VALUES ($1, $2, 'owned', $3, $4, NULL)
       ON CONFLICT (slug) DO UPDATE SET state = 'owned', instance_id = $4, expires_at = NULL, updated_at = now()
         WHERE slug_claims.instance_id = $4 OR (slug_claims.organisation_id = $3 AND slug_claims.instance_id IS NULL)
       RETURNING slug`,
      [slug, skeletonOf(slug), organisationId, instanceId],
    );
    if (owned) return;
    const [suggestion = ''] = await freeSuggestions(tx, slug, organisationId);
    refuse('subdomain-taken', { slug, suggestion });
  });
}

/** Frees the subdomain of a deleted instance. */
export async function freeSlug(db: Db, instanceId: string): Promise<void> {
  found(await db.maybe('SELECT 1 FROM instances WHERE id = $1', [instanceId]));
  await db.query('DELETE FROM slug_claims WHERE instance_id = $1', [instanceId]);
}
