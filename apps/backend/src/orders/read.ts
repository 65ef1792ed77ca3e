import type { Branding, Locale } from '@preau/contract';
import type { Order } from '@preau/contract/platform/orders';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { found } from '../http/problem.ts';
import { requireMember } from '../organisations/membership.ts';

interface Row {
  id: string;
  organisationId: string;
  state: Order['state'];
  slug: string;
  branding: Branding;
  locale: Locale;
  currency: Order['currency'];
  interval: Order['interval'];
  lines: Order['lines'];
  totalMinor: number;
  checkoutProvider: string | null;
  checkoutRef: string | null;
  checkoutUrl: string | null;
  checkoutExpiresAt: Date | null;
  instanceId: string | null;
  customer: Order['customer'];
  createdAt: Date;
}

const SELECT = `
SELECT o.id, o.organisation_id AS "organisationId", o.slug, o.branding, o.locale, o.currency, o.interval, o.lines,
  CASE WHEN o.state IN ('draft', 'awaiting_payment') AND NOT EXISTS (
    SELECT 1 FROM slug_claims c WHERE c.slug = o.slug AND c.organisation_id = o.organisation_id AND c.expires_at > now())
    THEN 'expired' ELSE o.state::text END AS state,
  o.total_minor::int AS "totalMinor", o.checkout_provider AS "checkoutProvider", o.checkout_ref AS "checkoutRef",
  o.checkout_url AS "checkoutUrl", o.checkout_expires_at AS "checkoutExpiresAt", o.instance_id AS "instanceId",
  o.created_at AS "createdAt",
  json_build_object('email', a.email, 'organisationName', g.name, 'country', g.country, 'siren', g.siren,
    'vatNumber', g.vat_number, 'providerRef', (SELECT b.ref FROM billing_customers b
      WHERE b.organisation_id = g.id ORDER BY b.created_at DESC, b.id DESC LIMIT 1)) AS customer
FROM orders o
  JOIN organisations g ON g.id = o.organisation_id
  JOIN accounts a ON a.id = o.account_id`;

function present(row: Row): Order {
  const { checkoutProvider, checkoutRef, checkoutUrl, checkoutExpiresAt, createdAt, ...order } = row;
  const checkout =
    checkoutProvider && checkoutRef && checkoutUrl && checkoutExpiresAt
      ? {
          provider: checkoutProvider,
          ref: checkoutRef,
          url: checkoutUrl,
          expiresAt: checkoutExpiresAt.toISOString(),
        }
      : null;
  return { ...order, checkout, createdAt: createdAt.toISOString() };
}

/**
 * An order of one of the caller's organisations.
 * @throws Problem `not-found` to everybody else, `second-factor-needed` to members who lack it
 */
export async function readOrder(db: Db, caller: AccountCaller, orderId: string): Promise<Order> {
  const row = found(
    await db.maybe<Row>(
      `${SELECT} JOIN organisation_members m ON m.organisation_id = o.organisation_id AND m.account_id = $2
       WHERE o.id = $1`,
      [orderId, caller.account.id],
    ),
  );
  await requireMember(db, caller, row.organisationId);
  return present(row);
}

/** The order that an account placed under a key, if it did. */
export async function findOrderByKey(
  db: Db,
  accountId: string,
  idempotencyKey: string,
): Promise<Order | undefined> {
  const row = await db.maybe<Row>(`${SELECT} WHERE o.account_id = $1 AND o.idempotency_key = $2`, [
    accountId,
    idempotencyKey,
  ]);
  return row && present(row);
}
