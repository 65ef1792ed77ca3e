import type { Branding } from '@preau/contract';
import type { Order } from '@preau/contract/platform/orders';
import type { App } from '../app.ts';
import { hashPassword } from '../authentication/password.ts';
import { applyFetched } from '../billing/apply.ts';
import type { Db } from '../database/db.ts';
import type { AccountCaller } from '../http/caller.ts';
import { ensureFirstAdministratorOf, ensureTenantOf } from '../instances/tenant.ts';
import { storeCheckout } from '../orders/checkout.ts';
import { reserveSubdomain } from '../orders/claim.ts';
import { findOrderByKey, readOrder } from '../orders/read.ts';
import { openDemoProvider } from './payment.ts';
import { DEMO_PASSWORD, seedTenant } from './tenant.ts';

const CUSTOMER = { email: 'claire@atelier.test', name: 'Claire Dumas' };
const STAFF = { email: 'staff@preau.test', name: 'Sacha Morel' };
const ORGANISATION = { name: 'Atelier Dumas', country: 'FR', siren: '732829320', vatNumber: 'FR44732829320' };
const SLUG = 'demo';
const BRANDING: Branding = { name: 'Atelier Dumas', colour: '#006a4e', logo: null };
const PLAN = 'equipe';
/** The order's idempotency key: by it the next start knows what this one began. */
const ORDER_KEY = '019a0000-0000-7000-8000-00000000de70';

/**
 * A customer, one of our staff and a paid platform that the operator brings online like any other. Repeating it
 * adds nothing; a start that ended half-way is taken up where it was.
 */
export async function seedDemo(app: App): Promise<void> {
  const db = app.db({ kind: 'platform' });
  const caller = await seedPeople(db);
  const paid = await db.maybe<{ instanceId: string }>(
    'SELECT instance_id AS "instanceId" FROM orders WHERE account_id = $1 AND slug = $2 AND instance_id IS NOT NULL',
    [caller.account.id, SLUG],
  );
  const instanceId = paid?.instanceId ?? (await seedPaidOrder(app, db, caller));
  const { wanted } = await db.one<{ wanted: string }>('SELECT wanted FROM instances WHERE id = $1', [
    instanceId,
  ]);
  if (wanted === 'absent') return;
  const { tenantId } = await ensureTenantOf(db, app.db, instanceId);
  await ensureFirstAdministratorOf(db, app.db, instanceId);
  await seedTenant(app, app.db({ kind: 'tenant', tenantId }));
}

async function seedPeople(db: Db): Promise<AccountCaller> {
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  await db.query(
    'INSERT INTO staff (email, name, password_hash) VALUES ($1, $2, $3) ON CONFLICT (email) DO NOTHING',
    [STAFF.email, STAFF.name, passwordHash],
  );
  const account = await db.one<AccountCaller['account']>(
    `INSERT INTO accounts (email, name, locale, password_hash, verified_at) VALUES ($1, $2, 'fr', $3, now())
     ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id, email, name, locale`,
    [CUSTOMER.email, CUSTOMER.name, passwordHash],
  );
  return { kind: 'account', sessionId: '', account };
}

async function seedOrder(db: Db, caller: AccountCaller): Promise<Order> {
  return db.transaction(async (tx) => {
    const { name, country, siren, vatNumber } = ORGANISATION;
    const organisation = await tx.one<{ id: string }>(
      'INSERT INTO organisations (name, country, siren, vat_number) VALUES ($1, $2, $3, $4) RETURNING id',
      [name, country, siren, vatNumber],
    );
    await tx.query(
      `INSERT INTO organisation_members (organisation_id, account_id, role) VALUES ($1, $2, 'owner')`,
      [organisation.id, caller.account.id],
    );
    await reserveSubdomain(tx, organisation.id, SLUG);
    const { id } = await tx.one<{ id: string }>(
      `INSERT INTO orders (organisation_id, account_id, idempotency_key, slug, branding, locale, currency,
         interval, lines, total_minor, plan_version_id)
       SELECT $1, $2, $3, $4, $5, 'fr', c.currency, c.interval::text::enum_orders_interval,
         jsonb_build_array(jsonb_build_object('kind', 'plan', 'code', p.code, 'priceId', c.id,
           'label', v.texts -> 'name', 'quantity', 1, 'amountMinor', c.amount_minor::int)),
         c.amount_minor, v.id
       FROM plans p JOIN plan_versions v ON v.id = p.current_version_id JOIN prices c ON c.plan_version_id = v.id
       WHERE p.code = $6 AND c.interval = 'month' AND c.currency = 'EUR' RETURNING id`,
      [organisation.id, caller.account.id, ORDER_KEY, SLUG, JSON.stringify(BRANDING), PLAN],
    );
    return readOrder(tx, caller, id);
  });
}

/** Pays as a customer does, at the provider, and applies what the provider then says. @returns the instance */
async function seedPaidOrder(app: App, db: Db, caller: AccountCaller): Promise<string> {
  const { SANDBOX_URL, SANDBOX_API_KEY, PREAU_PUBLIC_URL } = app.settings;
  if (!SANDBOX_URL || !SANDBOX_API_KEY) throw new Error('SEED_DEMO needs SANDBOX_URL and SANDBOX_API_KEY');
  const provider = openDemoProvider(SANDBOX_URL, SANDBOX_API_KEY);
  const known = (await findOrderByKey(db, caller.account.id, ORDER_KEY)) ?? (await seedOrder(db, caller));
  const order = await db.transaction(async (tx) => {
    // A start that ended half-way may be long ago: its order has expired and the name was given back.
    await reserveSubdomain(tx, known.organisationId, known.slug);
    await tx.query(`UPDATE orders SET state = 'draft' WHERE id = $1 AND state = 'expired'`, [known.id]);
    return readOrder(tx, caller, known.id);
  });
  const checkout = await provider.open(order, PREAU_PUBLIC_URL);
  await storeCheckout(db, caller, order.id, {
    provider: 'sandbox',
    ref: checkout.ref,
    customerRef: checkout.customerRef,
    url: checkout.url,
    expiresAt: checkout.expiresAt,
  });
  const snapshot = await provider.pay(checkout);
  const { ref } = snapshot;
  const { instanceId } = await applyFetched(
    db,
    PREAU_PUBLIC_URL,
    { provider: 'sandbox', ref, expectedRevision: 0, snapshot },
    Date.now(),
  );
  if (!instanceId) throw new Error('the demonstration platform was not ordered');
  return instanceId;
}
