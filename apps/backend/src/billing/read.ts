import type { ResponseOf } from '@preau/contract';
import type {
  getBilling,
  Invoice,
  listKnownSubscriptions,
  Subscription,
} from '@preau/contract/platform/billing';
import type { Db } from '../database/db.ts';

type Row = Omit<Subscription, 'currentPeriodEnd' | 'cancelAt' | 'pastDueSince'> & {
  currentPeriodEnd: Date | null;
  cancelAt: Date | null;
  pastDueSince: Date | null;
};

const COLUMNS = `s.id, s.provider, s.ref, s.state, o.currency, o.interval, pl.code AS "planCode",
  v.texts -> 'name' AS "planName", o.total_minor::int AS "amountMinor", s.snapshot ->> 'customerRef' AS "customerRef",
  s.current_period_end AS "currentPeriodEnd", s.cancel_at AS "cancelAt", s.past_due_since AS "pastDueSince",
  s.instance_id AS "instanceId",
  (SELECT coalesce(json_agg(l ->> 'code'), '[]') FROM jsonb_array_elements(o.lines) l WHERE l ->> 'kind' = 'addOn') AS "addOnCodes"`;
const FROM = `subscriptions s JOIN orders o ON o.id = s.order_id JOIN plan_versions v ON v.id = o.plan_version_id
  JOIN plans pl ON pl.id = v.plan_id`;

const present = (row: Row): Subscription => ({
  ...row,
  currentPeriodEnd: row.currentPeriodEnd?.toISOString() ?? null,
  cancelAt: row.cancelAt?.toISOString() ?? null,
  pastDueSince: row.pastDueSince?.toISOString() ?? null,
});

/** What an organisation subscribes to, and its invoices, newest first. */
export async function readBilling(db: Db, organisationId: string): Promise<ResponseOf<typeof getBilling>> {
  const subscriptions = await db.query<Row>(
    `SELECT ${COLUMNS} FROM ${FROM} WHERE s.organisation_id = $1 ORDER BY s.created_at DESC, s.id DESC`,
    [organisationId],
  );
  const invoices = await db.query<Omit<Invoice, 'issuedAt'> & { issuedAt: Date }>(
    `SELECT ref, number, state, currency, total_minor::int AS "totalMinor", tax_minor::int AS "taxMinor",
       issued_at AS "issuedAt", url FROM invoices WHERE organisation_id = $1 ORDER BY issued_at DESC, number DESC`,
    [organisationId],
  );
  return {
    subscriptions: subscriptions.map(present),
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
