import type { ResponseOf } from '@preau/contract';
import { type AddOn, entitlements, type listPlans, type Plan } from '@preau/contract/platform/plans';
import { z } from 'zod';
import type { Db } from '../database/db.ts';

const localised = z.object({ fr: z.string(), en: z.string() });
/** `planVersions.texts` of a plan and of an add-on. */
export const planTexts = z.object({ name: localised, tagline: localised, features: z.array(localised) });
export const addOnTexts = z.object({ name: localised, description: localised });

interface Row {
  id: string;
  code: string;
  kind: 'plan' | 'addOn';
  highlighted: boolean;
  texts: unknown;
  entitlements: unknown;
  prices: Plan['prices'];
}

/** What is on sale now, with its current prices. */
export async function readPlans(db: Db): Promise<ResponseOf<typeof listPlans>> {
  const rows = await db.query<Row>(
    `SELECT p.id, p.code, p.kind, p.highlighted, v.texts, v.entitlements,
       (SELECT coalesce(json_agg(json_build_object('id', c.id, 'interval', c.interval, 'currency', c.currency,
          'amountMinor', c.amount_minor::int) ORDER BY c.interval, c.currency), '[]')
        FROM prices c WHERE c.plan_version_id = v.id) AS prices
     FROM plans p JOIN plan_versions v ON v.id = p.current_version_id
     WHERE p.on_sale ORDER BY p.position, p.code`,
  );
  const plans: Plan[] = [];
  const addOns: AddOn[] = [];
  for (const { id, code, kind, highlighted, texts, prices, ...row } of rows) {
    if (kind === 'addOn') addOns.push({ id, code, prices, ...addOnTexts.parse(texts) });
    else
      plans.push({
        id,
        code,
        prices,
        highlighted,
        ...planTexts.parse(texts),
        entitlements: entitlements.parse(row.entitlements),
      });
  }
  return { plans, addOns };
}
