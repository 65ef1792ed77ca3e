import type { ResponseOf } from '@preau/contract';
import type { checkSubdomain } from '@preau/contract/platform/organisations';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { skeletonOf, subdomainFault, suggestionsFor } from './subdomain.ts';

export const CLAIM_MINUTES = 30;
/** A payment that was begun in time may arrive a little later. */
const PAYMENT_GRACE_MINUTES = 10;
const SUGGESTIONS = 3;

type Verdict = ResponseOf<typeof checkSubdomain>;

/** A claim that holds: owned, paid for, or not expired. */
const HOLDS = `(c.state = 'owned' OR c.instance_id IS NOT NULL OR c.expires_at > now())`;

/** Whether an organisation may claim a subdomain, with free ones to offer where it may not. */
export async function judgeSubdomain(db: Db, slug: string, organisationId: string | null): Promise<Verdict> {
  const state = subdomainFault(slug) ?? (await availabilityOf(db, slug, organisationId));
  const suggestions = state === 'available' ? [] : await freeSuggestions(db, slug, organisationId);
  return { slug, state, suggestions };
}

async function availabilityOf(
  db: Db,
  slug: string,
  organisationId: string | null,
): Promise<'available' | 'taken' | 'confusable'> {
  const holders = await db.query<{ slug: string; own: boolean; spent: boolean }>(
    `SELECT c.slug, c.organisation_id IS NOT DISTINCT FROM $3::uuid AS own,
       c.state = 'owned' OR c.instance_id IS NOT NULL AS spent
     FROM slug_claims c WHERE (c.slug = $1 OR c.skeleton = $2) AND ${HOLDS}`,
    [slug, skeletonOf(slug), organisationId],
  );
  if (holders.some((holder) => holder.slug === slug && !(holder.own && !holder.spent))) return 'taken';
  return holders.some((holder) => holder.slug !== slug && !holder.own) ? 'confusable' : 'available';
}

/** Up to three that the organisation could claim now. */
export async function freeSuggestions(
  db: Db,
  slug: string,
  organisationId: string | null,
): Promise<string[]> {
  const free: string[] = [];
  for (const candidate of suggestionsFor(slug)) {
    if ((await availabilityOf(db, candidate, organisationId)) === 'available') free.push(candidate);
    if (free.length === SUGGESTIONS) break;
  }
  return free;
}

/**
 * Reserves a subdomain for an organisation, in the caller's transaction; renews a reservation of its own, and
 * gives up its others that no checkout is open for.
 * @returns when the reservation ends
 * @throws Problem `subdomain-refused` or `subdomain-taken` with a suggestion
 */
export async function reserveSubdomain(tx: Db, organisationId: string, slug: string): Promise<Date> {
  if (subdomainFault(slug)) refuse('subdomain-refused', { slug });
  // Look-alikes have different slugs, so the unique key alone would let two of them in at once.
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`subdomain:${skeletonOf(slug)}`]);
  if ((await availabilityOf(tx, slug, organisationId)) !== 'available') {
    const [suggestion = ''] = await freeSuggestions(tx, slug, organisationId);
    refuse('subdomain-taken', { slug, suggestion });
  }
  await tx.query(`DELETE FROM slug_claims c WHERE c.slug = $1 AND c.organisation_id <> $2`, [
    slug,
    organisationId,
  ]);
  const { expiresAt } = await tx.one<{ expiresAt: Date }>(
    `INSERT INTO slug_claims (slug, skeleton, state, organisation_id, expires_at)
     VALUES ($1, $2, 'reserved', $3, now() + make_interval(mins => $4))
     ON CONFLICT (slug) DO UPDATE SET expires_at = greatest(slug_claims.expires_at, excluded.expires_at), updated_at = now()
     RETURNING expires_at AS "expiresAt"`,
    [slug, skeletonOf(slug), organisationId, CLAIM_MINUTES],
  );
  await tx.query(
    `DELETE FROM slug_claims c WHERE c.organisation_id = $1 AND c.slug <> $2 AND c.state = 'reserved'
       AND c.instance_id IS NULL AND NOT EXISTS (SELECT 1 FROM orders o
         WHERE o.organisation_id = $1 AND o.slug = c.slug AND o.state = 'awaiting_payment')`,
    [organisationId, slug],
  );
  return expiresAt;
}

/**
 * Holds a reservation for as long as its checkout is open.
 * @returns false where the organisation does not hold it any more
 */
export async function holdForCheckout(
  tx: Db,
  organisationId: string,
  slug: string,
  until: Date,
): Promise<boolean> {
  const held = await tx.maybe(
    `UPDATE slug_claims SET expires_at = greatest(expires_at, $3::timestamptz + make_interval(mins => $4)), updated_at = now()
     WHERE slug = $1 AND organisation_id = $2 AND state = 'reserved' AND instance_id IS NULL AND expires_at > now()
     RETURNING slug`,
    [slug, organisationId, until, PAYMENT_GRACE_MINUTES],
  );
  return Boolean(held);
}

/** Frees a reservation that nothing was paid for. */
export async function freeReservation(tx: Db, organisationId: string, slug: string): Promise<void> {
  await tx.query(
    `DELETE FROM slug_claims WHERE slug = $1 AND organisation_id = $2 AND state = 'reserved' AND instance_id IS NULL`,
    [slug, organisationId],
  );
}

/**
 * Gives a paid platform its subdomain, in the caller's transaction. Where the reservation has run out and somebody
 * else has the name now, or the organisation already runs a platform there, it gets the nearest free one.
 */
export async function bindSubdomain(
  tx: Db,
  { organisationId, slug, instanceId }: { organisationId: string; slug: string; instanceId: string },
): Promise<string> {
  const [suggestion] = await freeSuggestions(tx, slug, organisationId);
  const free = (await availabilityOf(tx, slug, organisationId)) === 'available';
  const chosen = free ? slug : (suggestion ?? `p-${instanceId.slice(-12)}`);
  await tx.query('DELETE FROM slug_claims WHERE slug = $1', [chosen]);
  await tx.query(
    `INSERT INTO slug_claims (slug, skeleton, state, organisation_id, instance_id, expires_at)
     VALUES ($1, $2, 'reserved', $3, $4, NULL)`,
    [chosen, skeletonOf(chosen), organisationId, instanceId],
  );
  return chosen;
}
