import type { SubscriptionSnapshot } from '@preau/contract/platform/billing';
import { entitlements } from '@preau/contract/platform/plans';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { entitlementsOf, grant } from '../plans/entitlements.ts';

type Items = SubscriptionSnapshot['items'];

interface Sold {
  priceId: string;
  kind: 'plan' | 'addOn';
  code: string;
  planVersionId: string;
  entitlements: unknown;
}

/**
 * What a subscription's items grant, or null where they are not one plan of ours with add-ons: nothing is guessed.
 */
export async function grantedBy(tx: Db, items: Items) {
  const sold = await tx.query<Sold>(
    `SELECT c.id AS "priceId", p.kind, p.code, v.id AS "planVersionId", v.entitlements
     FROM prices c JOIN plan_versions v ON v.id = c.plan_version_id JOIN plans p ON p.id = v.plan_id
     WHERE c.id::text = ANY($1::text[])`,
    [items.map(({ priceRef }) => priceRef)],
  );
  const [plan, ...others] = sold.filter(({ kind }) => kind === 'plan');
  if (!plan || others.length > 0 || sold.length !== items.length) return null;
  const grants = sold
    .filter(({ kind }) => kind === 'addOn')
    .flatMap((addOn) => {
      const quantity = items.find(({ priceRef }) => priceRef === addOn.priceId)?.quantity ?? 1;
      return Array.from({ length: quantity }, () => grant.parse(addOn.entitlements));
    });
  return {
    code: plan.code,
    planVersionId: plan.planVersionId,
    entitlements: entitlementsOf(entitlements.parse(plan.entitlements), grants),
  };
}

/** Gives a platform the limits of the plan that is subscribed to now. Nothing is deleted where they shrink. */
export async function followPlan(tx: Db, instanceId: string, items: Items): Promise<void> {
  const granted = await grantedBy(tx, items);
  if (!granted) return;
  const { organisationId, tenantId, changed } = await tx.one<{
    organisationId: string;
    tenantId: string;
    changed: boolean;
  }>(
    `SELECT i.organisation_id AS "organisationId", i.tenant_id AS "tenantId",
       i.plan_version_id <> $2 OR t.entitlements <> $3::jsonb AS changed
     FROM instances i JOIN tenants t ON t.id = i.tenant_id WHERE i.id = $1`,
    [instanceId, granted.planVersionId, JSON.stringify(granted.entitlements)],
  );
  if (!changed) return;
  await tx.query('UPDATE instances SET plan_version_id = $2, updated_at = now() WHERE id = $1', [
    instanceId,
    granted.planVersionId,
  ]);
  await tx.query('UPDATE tenants SET entitlements = $2, updated_at = now() WHERE id = $1', [
    tenantId,
    JSON.stringify(granted.entitlements),
  ]);
  await record(tx, {
    action: 'instance.plan-changed',
    target: instanceId,
    organisationId,
    details: { plan: granted.code },
  });
}
