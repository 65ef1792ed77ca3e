import { isDeepStrictEqual } from 'node:util';
import type { Locale, ResponseOf } from '@preau/contract';
import type {
  applySubscription,
  provider as providers,
  SubscriptionSnapshot,
} from '@preau/contract/platform/billing';
import type { z } from 'zod';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { openIncident } from '../incidents/report.ts';
import { openOperation } from '../instances/openOperation.ts';
import { bindSubdomain } from '../orders/claim.ts';
import { recordEffect } from './effect.ts';
import { followPlan, grantedBy } from './plan.ts';
import { pursue } from './pursue.ts';

type Provider = z.infer<typeof providers>;

export interface Fetched {
  provider: Provider;
  ref: string;
  /** As read before the subscription was fetched. */
  expectedRevision: number;
  snapshot: SubscriptionSnapshot;
}

interface Known {
  id: string;
  revision: number;
  organisationId: string;
  orderId: string;
  instanceId: string | null;
  state: SubscriptionSnapshot['state'];
  snapshot: SubscriptionSnapshot;
}

/**
 * Stores a subscription as it was fetched and, in the same transaction, what follows from it. Whoever fetched
 * earlier and comes later is refused, so that an older state never replaces a newer one.
 * @param now milliseconds since 1970
 * @throws Problem `conflict` where another revision is stored by now, `not-found` where the references are not ours
 */
export async function applyFetched(
  db: Db,
  publicUrl: string,
  { provider, ref, expectedRevision, snapshot }: Fetched,
  now: number,
): Promise<ResponseOf<typeof applySubscription>> {
  if (snapshot.ref !== ref) refuse('not-found');
  return db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `subscription:${provider}:${ref}`,
    ]);
    const known = await tx.maybe<Known>(
      `SELECT id, revision::int AS revision, organisation_id AS "organisationId", order_id AS "orderId",
         instance_id AS "instanceId", state, snapshot FROM subscriptions WHERE provider = $1 AND ref = $2`,
      [provider, ref],
    );
    if ((known?.revision ?? 0) !== expectedRevision) refuse('conflict');
    const owner = await ownerOf(tx, provider, snapshot, known);
    const changed = !known || !isDeepStrictEqual(known.snapshot, snapshot);
    const stored = changed ? await store(tx, provider, snapshot, owner, known) : known;
    if (changed) await storeInvoices(tx, stored.id, owner.organisationId, snapshot);

    let { instanceId } = stored;
    if (known?.state === 'cancelled' && snapshot.state !== 'cancelled') {
      // A subscription that had ended is paid again: a person decides, nothing comes back by itself.
      await openIncident(tx, {
        key: `resurrection:${stored.id}`,
        instanceId,
        kind: 'billing',
        severity: 'critical',
        title: `${provider} ${ref}: ${snapshot.state} after the subscription had ended`,
      });
      return { revision: stored.revision, changed, instanceId };
    }
    if (!instanceId) instanceId = await provisionOnce(tx, stored, snapshot);
    if (instanceId) {
      if (changed) await followPlan(tx, instanceId, snapshot.items);
      const { id: subscriptionId, revision } = stored;
      await pursue(
        tx,
        publicUrl,
        { subscriptionId, revision, instanceId, snapshot, before: known?.state ?? null },
        now,
      );
    }
    return { revision: stored.revision, changed, instanceId };
  });
}

interface Owner {
  organisationId: string;
  orderId: string;
}

/**
 * Whose the subscription is: at first by the checkout that opened it, then by what was stored; both times the
 * provider's customer must be that organisation's.
 */
async function ownerOf(
  tx: Db,
  provider: Provider,
  snapshot: SubscriptionSnapshot,
  known: Known | undefined,
): Promise<Owner> {
  const owner =
    known ??
    (await tx.maybe<Owner>(
      `SELECT id AS "orderId", organisation_id AS "organisationId" FROM orders
       WHERE checkout_provider = $1 AND checkout_ref = $2 FOR UPDATE`,
      [provider, snapshot.checkoutRef],
    ));
  if (!owner) refuse('not-found');
  const customer = await tx.maybe<{ organisationId: string }>(
    `SELECT organisation_id AS "organisationId" FROM billing_customers WHERE provider = $1 AND ref = $2`,
    [provider, snapshot.customerRef],
  );
  if (customer?.organisationId !== owner.organisationId) refuse('not-found');
  return owner;
}

async function store(
  tx: Db,
  provider: Provider,
  snapshot: SubscriptionSnapshot,
  { organisationId, orderId }: Owner,
  known: Known | undefined,
): Promise<Known> {
  return tx.one<Known>(
    `INSERT INTO subscriptions (provider, ref, revision, organisation_id, order_id, state, current_period_end,
       past_due_since, cancel_at, snapshot)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (provider, ref) DO UPDATE SET revision = excluded.revision, state = excluded.state,
       current_period_end = excluded.current_period_end, past_due_since = excluded.past_due_since,
       cancel_at = excluded.cancel_at, snapshot = excluded.snapshot, updated_at = now()
     RETURNING id, revision::int AS revision, organisation_id AS "organisationId", order_id AS "orderId",
       instance_id AS "instanceId", state, snapshot`,
    [
      provider,
      snapshot.ref,
      (known?.revision ?? 0) + 1,
      organisationId,
      orderId,
      snapshot.state,
      snapshot.currentPeriodEnd,
      snapshot.pastDueSince,
      snapshot.cancelAt,
      JSON.stringify(snapshot),
    ],
  );
}

async function storeInvoices(
  tx: Db,
  subscriptionId: string,
  organisationId: string,
  { invoices }: SubscriptionSnapshot,
): Promise<void> {
  if (invoices.length === 0) return;
  await tx.query(
    `INSERT INTO invoices (subscription_id, organisation_id, ref, number, state, currency, total_minor, tax_minor, issued_at, url)
     SELECT $1, $2, i.ref, i.number, i.state, i.currency, i."totalMinor", i."taxMinor", i."issuedAt", i.url
     FROM jsonb_to_recordset($3::jsonb) AS i(ref text, number text, state text, currency text, "totalMinor" numeric,
       "taxMinor" numeric, "issuedAt" timestamptz, url text)
     ON CONFLICT (subscription_id, ref) DO UPDATE SET number = excluded.number, state = excluded.state,
       total_minor = excluded.total_minor, tax_minor = excluded.tax_minor, url = excluded.url, updated_at = now()`,
    [subscriptionId, organisationId, JSON.stringify(invoices)],
  );
}

interface OrderRow {
  id: string;
  organisationId: string;
  slug: string;
  name: string;
  locale: Locale;
  branding: unknown;
  lines: { priceId: string; quantity: number }[];
  planVersionId: string;
}

/** The order is paid: makes its platform, once, and asks the operator to bring it online. */
async function provisionOnce(tx: Db, known: Known, { state }: SubscriptionSnapshot): Promise<string | null> {
  if (state !== 'trialing' && state !== 'active') return null;
  const subject = { subscriptionId: known.id, revision: known.revision };
  if (!(await recordEffect(tx, subject, 'provision'))) return null;
  const order = await tx.one<OrderRow>(
    `SELECT id, organisation_id AS "organisationId", slug, branding ->> 'name' AS name, locale, branding, lines,
       plan_version_id AS "planVersionId" FROM orders WHERE id = $1 FOR UPDATE`,
    [known.orderId],
  );
  const { organisationId } = order;
  const granted = JSON.stringify(await entitlementsOfOrder(tx, order));
  const { id: tenantId } = await tx.one<{ id: string }>(
    `INSERT INTO tenants (slug, name, state, entitlements) VALUES ($1, $2, 'live', $3) RETURNING id`,
    [order.slug, order.name, granted],
  );
  const { id: instanceId } = await tx.one<{ id: string }>('SELECT new_id() AS id');
  // The claim needs the instance and the instance its final slug, so the slug follows.
  await tx.query(
    `INSERT INTO instances (id, organisation_id, order_id, tenant_id, slug, name, locale, branding, plan_version_id,
       lifecycle, wanted, generation, observed_generation, machine)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'requested', 'running', 0, 0, NULL)`,
    [
      instanceId,
      organisationId,
      order.id,
      tenantId,
      `requested-${instanceId}`,
      order.name,
      order.locale,
      JSON.stringify(order.branding),
      order.planVersionId,
    ],
  );
  const slug = await bindSubdomain(tx, { organisationId, slug: order.slug, instanceId });
  if (slug !== order.slug) {
    await openIncident(tx, {
      key: `slug-lost:${instanceId}`,
      instanceId,
      kind: 'subdomain',
      severity: 'warning',
      title: `${order.slug} was no longer free when order ${order.id} was paid; the platform is at ${slug}`,
    });
  }
  await tx.query('UPDATE instances SET slug = $2 WHERE id = $1', [instanceId, slug]);
  await tx.query('UPDATE tenants SET slug = $2 WHERE id = $1', [tenantId, slug]);
  await tx.query(`UPDATE orders SET state = 'paid', instance_id = $2, updated_at = now() WHERE id = $1`, [
    order.id,
    instanceId,
  ]);
  await tx.query('UPDATE subscriptions SET instance_id = $2 WHERE id = $1', [known.id, instanceId]);
  await record(tx, {
    action: 'order.paid',
    target: order.id,
    organisationId,
  });
  await openOperation(tx, { instanceId, type: 'provision', requestedBy: 'billing' });
  return instanceId;
}

async function entitlementsOfOrder(tx: Db, { id, lines }: OrderRow) {
  const granted = await grantedBy(
    tx,
    lines.map(({ priceId, quantity }) => ({ priceRef: priceId, quantity })),
  );
  if (!granted) throw new Error(`order ${id} is not one plan with add-ons`);
  return granted.entitlements;
}
