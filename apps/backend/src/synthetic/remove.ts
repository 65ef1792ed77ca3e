import type { ResponseOf } from '@preau/contract';
import { type removeSyntheticCustomers, SYNTHETIC_DOMAIN } from '@preau/contract/platform/synthetic';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { hasOpenOperation, openOperation } from '../instances/openOperation.ts';

type Removal = ResponseOf<typeof removeSyntheticCustomers>;

/** Two removals at once would both open a deletion. */
const LOCK = 7_246_158;

/** SQL: the synthetic accounts, and the organisations that nobody else belongs to. `$1` is `%@` and the domain. */
const WITH = `WITH people AS (SELECT id, email FROM accounts WHERE email LIKE $1),
  houses AS (SELECT o.id FROM organisations o
    WHERE EXISTS (SELECT 1 FROM organisation_members m JOIN people p ON p.id = m.account_id WHERE m.organisation_id = o.id)
      AND NOT EXISTS (SELECT 1 FROM organisation_members m JOIN accounts a ON a.id = m.account_id
        WHERE m.organisation_id = o.id AND a.email NOT LIKE $1))`;

/** What goes with a synthetic organisation, those first that point to others. */
const OF_HOUSES = [
  ...['deletion_certificates', 'incidents', 'limit_notices', 'meter_days', 'rollout_instances'].map(
    (table) =>
      `DELETE FROM ${table} x USING instances i WHERE x.instance_id = i.id AND i.organisation_id = ANY ($1)`,
  ),
  `DELETE FROM operation_steps s USING operations o, instances i
   WHERE s.operation_id = o.id AND o.instance_id = i.id AND i.organisation_id = ANY ($1)`,
  'DELETE FROM operations o USING instances i WHERE o.instance_id = i.id AND i.organisation_id = ANY ($1)',
  `DELETE FROM effects e USING subscriptions s WHERE e.subscription_id = s.id AND s.organisation_id = ANY ($1)`,
  `DELETE FROM inbox_entries e USING subscriptions s
   WHERE e.provider::text = s.provider::text AND e.subscription_ref = s.ref AND s.organisation_id = ANY ($1)`,
  'DELETE FROM invoices WHERE organisation_id = ANY ($1)',
  'DELETE FROM subscriptions WHERE organisation_id = ANY ($1)',
  'DELETE FROM slug_claims WHERE organisation_id = ANY ($1)',
  'UPDATE orders SET instance_id = NULL WHERE organisation_id = ANY ($1)',
  `WITH gone AS (DELETE FROM instances WHERE organisation_id = ANY ($1) RETURNING tenant_id)
   DELETE FROM tenants t USING gone g WHERE t.id = g.tenant_id`,
  'DELETE FROM orders WHERE organisation_id = ANY ($1)',
  'DELETE FROM billing_customers WHERE organisation_id = ANY ($1)',
  'DELETE FROM organisation_invitations WHERE organisation_id = ANY ($1)',
  'DELETE FROM organisation_members WHERE organisation_id = ANY ($1)',
  'DELETE FROM organisations WHERE id = ANY ($1)',
];

const OF_PEOPLE = [
  ...['account_sessions', 'account_tokens', 'account_challenges'].map(
    (table) => `DELETE FROM ${table} WHERE account_id = ANY ($1)`,
  ),
  'DELETE FROM accounts WHERE id = ANY ($1)',
];

/**
 * Removes synthetic customers, step by step: while one of their platforms stands, its deletion is opened and nothing
 * else is done; a subscription must be over. Entries of the audit log stay, which name nobody.
 */
export async function removeAll(db: Db): Promise<Removal> {
  const pattern = [`%@${SYNTHETIC_DOMAIN}`];
  return db.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
    const standing = await tx.query<{ id: string; lifecycle: string }>(
      `${WITH} SELECT i.id, i.lifecycle FROM instances i JOIN houses h ON h.id = i.organisation_id
       WHERE i.lifecycle <> 'purged'`,
      pattern,
    );
    for (const { id } of standing) {
      if (await hasOpenOperation(tx, id)) continue;
      await openOperation(tx, { instanceId: id, type: 'delete', requestedBy: 'operator' });
    }
    const subscriptions = await tx.query<Removal['subscriptions'][number]>(
      `${WITH} SELECT s.provider, s.ref FROM subscriptions s JOIN houses h ON h.id = s.organisation_id
       WHERE s.state <> 'cancelled'`,
      pattern,
    );
    const left = standing.length + subscriptions.length;
    if (left > 0) return { left, subscriptions };

    const houses = (await tx.query<{ id: string }>(`${WITH} SELECT id FROM houses`, pattern)).map(
      ({ id }) => id,
    );
    const people = (await tx.query<{ id: string }>(`${WITH} SELECT id FROM people`, pattern)).map(
      ({ id }) => id,
    );
    if (people.length === 0) return { left, subscriptions };
    for (const statement of OF_HOUSES) await tx.query(statement, [houses]);
    for (const statement of OF_PEOPLE) await tx.query(statement, [people]);
    await tx.query('DELETE FROM mails WHERE "to" LIKE $1', pattern);
    await record(tx, { action: 'synthetic.removed', details: { customers: people.length } });
    return { left, subscriptions };
  });
}
