import type { ResponseOf } from '@preau/contract';
import type {
  getBilling,
  Invoice,
  listKnownSubscriptions,
  Subscription,
} from '@preau/contract/platform/billing';
import type { Db } from '../database/db.ts';
import { subscriptionFrom, subscriptionSql } from './view.ts';

/** What an organisation subscribes to, and its invoices, newest first. */
export async function readBilling(db: Db, organisationId: string): Promise<ResponseOf<typeof getBilling>> {
  const subscriptions = await db.query<{ item: Subscription }>(
    `SELECT ${subscriptionSql} AS item ${subscriptionFrom}
     WHERE s.organisation_id = $1 ORDER BY s.created_at DESC, s.id DESC`,
    [organisationId],
  );
  const invoices = await db.query<Omit<Invoice, 'issuedAt'> & { issuedAt: Date }>(
    `SELECT ref, number, state, currency, total_minor::int AS "totalMinor", tax_minor::int AS "taxMinor",
       issued_at AS "issuedAt", url FROM invoices WHERE organisation_id = $1 ORDER BY issued_at DESC, number DESC`,
    [organisationId],
  );
  return {
    subscriptions: subscriptions.map(({ item }) => item),
    invoices: invoices.map((row) => ({ ...row, issuedAt: row.issuedAt.toISOString() })),
  };
}

/** Every subscription that is not over. */
export async function readKnown(db: Db): Promise<ResponseOf<typeof listKnownSubscriptions>> {
  const items = await db.query<ResponseOf<typeof listKnownSubscriptions>['items'][number]>(
    `SELECT provider, ref, revision::int AS revision FROM subscriptions WHERE state <> 'cancelled' ORDER BY created_at, id`,
  );
  return { items };
}
