import type { BodyOf } from '@preau/contract';
import type { Order, placeOrder } from '@preau/contract/platform/orders';
import { z } from 'zod';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { found, refuse } from '../http/problem.ts';
import { GOVERNING, requireMember } from '../organisations/membership.ts';
import { reserveSubdomain } from './claim.ts';
import { findOrderByKey, readOrder } from './read.ts';

const names = z.object({ name: z.object({ fr: z.string(), en: z.string() }) });

interface PriceRow {
  id: string;
  kind: 'plan' | 'addOn';
  code: string;
  interval: Order['interval'];
  currency: Order['currency'];
  amountMinor: number;
  planVersionId: string;
  texts: unknown;
}

/**
 * Orders a platform: holds its subdomain and freezes what it costs. Nothing is paid yet. The same key answers the
 * same order; an earlier unpaid order of the organisation for the same name is given up.
 */
export async function place(
  db: Db,
  caller: AccountCaller,
  organisationId: string,
  body: BodyOf<typeof placeOrder>,
): Promise<Order> {
  await requireMember(db, caller, organisationId, GOVERNING);
  const { idempotencyKey, slug, branding, locale } = body;
  return db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
      `order:${caller.account.id}:${idempotencyKey}`,
    ]);
    const known = await findOrderByKey(tx, caller.account.id, idempotencyKey);
    if (known) return known.organisationId === organisationId ? known : refuse('not-found');

    const prices = await readPrices(tx, [body.priceId, ...body.addOnPriceIds]);
    const plan = found(prices.find(({ id, kind }) => id === body.priceId && kind === 'plan'));
    const addOns = [...new Set(body.addOnPriceIds)].map((wanted) =>
      found(
        prices.find(
          ({ id, kind, interval, currency }) =>
            id === wanted && kind === 'addOn' && interval === plan.interval && currency === plan.currency,
        ),
      ),
    );
    await reserveSubdomain(tx, organisationId, slug);
    await tx.query(
      `UPDATE orders SET state = 'cancelled', updated_at = now()
       WHERE organisation_id = $1 AND slug = $2 AND state IN ('draft', 'awaiting_payment')`,
      [organisationId, slug],
    );
    const lines: Order['lines'] = [plan, ...addOns].map(({ id, kind, code, texts, amountMinor }) => ({
      kind,
      code,
      priceId: id,
      label: names.parse(texts).name,
      quantity: 1,
      amountMinor,
    }));
    const { id } = await tx.one<{ id: string }>(
      `INSERT INTO orders (organisation_id, account_id, idempotency_key, state, slug, branding, locale, currency,
         interval, lines, total_minor, plan_version_id)
       VALUES ($1, $2, $3, 'draft', $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
      [
        organisationId,
        caller.account.id,
        idempotencyKey,
        slug,
        JSON.stringify(branding),
        locale,
        plan.currency,
        plan.interval,
        JSON.stringify(lines),
        lines.reduce((sum, { amountMinor, quantity }) => sum + amountMinor * quantity, 0),
        plan.planVersionId,
      ],
    );
    await record(tx, {
      action: 'order.placed',
      target: id,
      organisationId,
      details: { plan: plan.code, addOns: addOns.map(({ code }) => code) },
    });
    return readOrder(tx, caller, id);
  });
}

/** Prices of what is on sale now. */
function readPrices(tx: Db, ids: string[]): Promise<PriceRow[]> {
  return tx.query<PriceRow>(
    `SELECT c.id, p.kind, p.code, c.interval, c.currency, c.amount_minor::int AS "amountMinor",
       v.id AS "planVersionId", v.texts
     FROM prices c JOIN plan_versions v ON v.id = c.plan_version_id JOIN plans p ON p.current_version_id = v.id
     WHERE c.id = ANY($1::uuid[]) AND p.on_sale`,
    [ids],
  );
}
