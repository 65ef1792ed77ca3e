import type { Branding } from '@preau/contract';
import type { App } from '../app.ts';
import { hashPassword } from '../authentication/password.ts';
import { applyFetched } from '../billing/apply.ts';
import type { Db } from '../database/db.ts';
import { ensureFirstAdministratorOf, ensureTenantOf } from '../instances/tenant.ts';
import { reserveSubdomain } from '../orders/claim.ts';
import { DEMO_PASSWORD, seedTenant } from './tenant.ts';

const CUSTOMER = { email: 'claire@atelier.test', name: 'Claire Dumas' };
const STAFF = { email: 'staff@preau.test', name: 'Sacha Morel' };
const ORGANISATION = { name: 'Atelier Dumas', country: 'FR', siren: '732829320', vatNumber: 'FR44732829320' };
const SLUG = 'demo';
const BRANDING: Branding = { name: 'Atelier Dumas', colour: '#006a4e', logo: null };
const PLAN = 'equipe';
const DAY_MS = 86_400_000;
/** References at the sandbox provider, which knows nothing of them. */
const REF = { checkout: 'demo-checkout', customer: 'demo-customer', subscription: 'demo-subscription' };

/**
 * A customer, one of our staff and a paid platform that the operator brings online like any other. Repeating it
 * adds nothing.
 */
export async function seedDemo(app: App): Promise<void> {
  const db = app.db({ kind: 'platform' });
  const known = await db.maybe<{ instanceId: string }>(
    `SELECT instance_id AS "instanceId" FROM subscriptions WHERE ref = $1 AND instance_id IS NOT NULL`,
    [REF.subscription],
  );
  const instanceId = known?.instanceId ?? (await seedPaidOrder(app, db));
  const { wanted } = await db.one<{ wanted: string }>('SELECT wanted FROM instances WHERE id = $1', [
    instanceId,
  ]);
  if (wanted === 'absent') return;
  const { tenantId } = await ensureTenantOf(db, app.db, instanceId);
  await ensureFirstAdministratorOf(db, app.db, instanceId);
  await seedTenant(app.db({ kind: 'tenant', tenantId }), app.settings.DATA_DIR);
}

async function seedPaidOrder(app: App, db: Db): Promise<string> {
  const passwordHash = await hashPassword(DEMO_PASSWORD);
  await db.query(
    'INSERT INTO staff (email, name, password_hash) VALUES ($1, $2, $3) ON CONFLICT (email) DO NOTHING',
    [STAFF.email, STAFF.name, passwordHash],
  );
  await db.transaction(async (tx) => {
    const account = await tx.one<{ id: string }>(
      `INSERT INTO accounts (email, name, locale, password_hash, verified_at) VALUES ($1, $2, 'fr', $3, now())
       ON CONFLICT (email) DO UPDATE SET updated_at = now() RETURNING id`,
      [CUSTOMER.email, CUSTOMER.name, passwordHash],
    );
    const { name, country, siren, vatNumber } = ORGANISATION;
    const organisation = await tx.one<{ id: string }>(
      'INSERT INTO organisations (name, country, siren, vat_number) VALUES ($1, $2, $3, $4) RETURNING id',
      [name, country, siren, vatNumber],
    );
    await tx.query(
      `INSERT INTO organisation_members (organisation_id, account_id, role) VALUES ($1, $2, 'owner')`,
      [organisation.id, account.id],
    );
    await tx.query(
      `INSERT INTO billing_customers (provider, ref, organisation_id) VALUES ('sandbox', $1, $2)`,
      [REF.customer, organisation.id],
    );
    await reserveSubdomain(tx, organisation.id, SLUG);
    await tx.query(
      `INSERT INTO orders (organisation_id, account_id, idempotency_key, state, slug, branding, locale, currency,
         interval, lines, total_minor, plan_version_id, checkout_provider, checkout_ref, checkout_url, checkout_expires_at)
       SELECT $1, $2, gen_random_uuid(), 'awaiting_payment', $3, $4, 'fr', c.currency, c.interval::text::enum_orders_interval,
         jsonb_build_array(jsonb_build_object('kind', 'plan', 'code', p.code, 'priceId', c.id,
           'label', v.texts -> 'name', 'quantity', 1, 'amountMinor', c.amount_minor::int)),
         c.amount_minor, v.id, 'sandbox', $5, $6, now()
       FROM plans p JOIN plan_versions v ON v.id = p.current_version_id JOIN prices c ON c.plan_version_id = v.id
       WHERE p.code = $7 AND c.interval = 'month' AND c.currency = 'EUR'`,
      [
        organisation.id,
        account.id,
        SLUG,
        JSON.stringify(BRANDING),
        REF.checkout,
        app.settings.PREAU_PUBLIC_URL,
        PLAN,
      ],
    );
  });
  const now = Date.now();
  const { instanceId } = await applyFetched(
    db,
    app.settings.PREAU_PUBLIC_URL,
    {
      provider: 'sandbox',
      ref: REF.subscription,
      expectedRevision: 0,
      snapshot: {
        ref: REF.subscription,
        customerRef: REF.customer,
        checkoutRef: REF.checkout,
        state: 'active',
        rawState: 'active',
        currency: 'EUR',
        currentPeriodStart: new Date(now).toISOString(),
        currentPeriodEnd: new Date(now + 30 * DAY_MS).toISOString(),
        pastDueSince: null,
        cancelAt: null,
        items: [],
        invoices: [],
      },
    },
    now,
  );
  if (!instanceId) throw new Error('the demonstration platform was not ordered');
  return instanceId;
}
