import type { BodyOf } from '@preau/contract';
import type { Order, recordCheckout } from '@preau/contract/platform/orders';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { refuse } from '../http/problem.ts';
import { GOVERNING, requireMember } from '../organisations/membership.ts';
import { freeReservation, holdForCheckout } from './claim.ts';
import { readOrder } from './read.ts';

/**
 * Stores where an order is paid. Whose a subscription is will be told by these references, never by what a
 * provider's event says of itself.
 */
export async function storeCheckout(
  db: Db,
  caller: AccountCaller,
  orderId: string,
  { provider, ref, customerRef, url, expiresAt }: BodyOf<typeof recordCheckout>,
): Promise<Order> {
  return db.transaction(async (tx) => {
    await tx.query('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [orderId]);
    const { organisationId, slug, state } = await readOrder(tx, caller, orderId);
    await requireMember(tx, caller, organisationId, GOVERNING);
    if (state !== 'draft' && state !== 'awaiting_payment') refuse('order-not-payable');
    if (!(await holdForCheckout(tx, organisationId, slug, new Date(expiresAt)))) refuse('order-not-payable');
    const customer = await tx.one<{ organisationId: string }>(
      `INSERT INTO billing_customers (provider, ref, organisation_id) VALUES ($1, $2, $3)
       ON CONFLICT (provider, ref) DO UPDATE SET updated_at = now() RETURNING organisation_id AS "organisationId"`,
      [provider, customerRef, organisationId],
    );
    if (customer.organisationId !== organisationId) refuse('order-not-payable');
    await tx.query(
      `UPDATE orders SET state = 'awaiting_payment', checkout_provider = $2, checkout_ref = $3, checkout_url = $4,
         checkout_expires_at = $5, updated_at = now() WHERE id = $1`,
      [orderId, provider, ref, url, expiresAt],
    );
    return readOrder(tx, caller, orderId);
  });
}

/** Gives an unpaid order up; one that is over already stays as it is. */
export async function cancel(db: Db, caller: AccountCaller, orderId: string): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('SELECT 1 FROM orders WHERE id = $1 FOR UPDATE', [orderId]);
    const { organisationId, slug, state } = await readOrder(tx, caller, orderId);
    await requireMember(tx, caller, organisationId, GOVERNING);
    if (state === 'paid') refuse('state-forbids');
    if (state === 'cancelled') return;
    await tx.query(`UPDATE orders SET state = 'cancelled', updated_at = now() WHERE id = $1`, [orderId]);
    await freeReservation(tx, organisationId, slug);
    await record(tx, {
      action: 'order.cancelled',
      target: orderId,
      organisationId,
    });
  });
}

/** Closes orders whose time is over and frees their names. @returns how many orders expired */
export async function expireOrders(db: Db): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.query(
      `DELETE FROM slug_claims WHERE state = 'reserved' AND instance_id IS NULL AND expires_at <= now()`,
    );
    const expired = await tx.query(
      `UPDATE orders o SET state = 'expired', updated_at = now()
       WHERE o.state IN ('draft', 'awaiting_payment') AND NOT EXISTS (SELECT 1 FROM slug_claims c
         WHERE c.slug = o.slug AND c.organisation_id = o.organisation_id) RETURNING o.id`,
    );
    return expired.length;
  });
}
