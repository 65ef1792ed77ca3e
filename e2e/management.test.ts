/** What comes after the sale: a team, a creation that fails, staff who help, a platform that is deleted for good. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import pg from 'pg';
import type { Page } from 'playwright-core';
import { faults } from './accessibility.ts';
import { becomeCustomer, type Customer, mailedLink, order, pay, signUp, watchUntilLive } from './customer.ts';
import { crash, processesOf, withoutRelease } from './instances.ts';
import { logsOf } from './leaks.ts';
import { staffVisitor } from './staff.ts';
import { journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const run = Date.now().toString(36);
/** Three attempts of the first step that cannot be done, and the undoing of what was. */
const FAILURE_TIMEOUT_MS = 60_000;
const SETTLED_MS = 30_000;

const company = (name: string): Customer => ({
  name: `Andrea ${name}`,
  email: `${name.toLowerCase()}-${run}@entreprise.test`,
  organisation: `${name} Formation`,
  slug: `${name.toLowerCase()}-${run}`,
  colour: '#0b5cad',
});

/** Asks the database past row-level security. */
async function ask<Row extends pg.QueryResultRow>(text: string, values: unknown[]): Promise<Row[]> {
  const client = new pg.Client(world().platform.databaseUrl);
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** How many rows each table holds of a tenant, of those that hold any. */
async function rowsOf(tenantId: string): Promise<Record<string, number>> {
  const tables = await ask<{ table: string }>(
    `SELECT c.table_name AS table FROM information_schema.columns c
     JOIN information_schema.tables t USING (table_schema, table_name)
     WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND t.table_type = 'BASE TABLE'`,
    [],
  );
  const found: Record<string, number> = {};
  for (const { table } of tables) {
    const [row] = await ask<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${pg.escapeIdentifier(table)} WHERE tenant_id = $1`,
      [tenantId],
    );
    if (row?.count) found[table] = row.count;
  }
  return found;
}

async function instanceOf(slug: string): Promise<{ id: string; tenantId: string }> {
  const [row] = await ask<{ id: string; tenantId: string }>(
    'SELECT id, tenant_id AS "tenantId" FROM instances WHERE slug = $1 ORDER BY created_at DESC LIMIT 1',
    [slug],
  );
  assert.ok(row, `no instance ${slug}`);
  return row;
}

/** What is wrong with an order's page as it is now, in both languages. */
async function orderFaults(page: Page): Promise<string[]> {
  const { pathname } = new URL(page.url());
  const found: string[] = [];
  for (const language of ['en', 'fr'] as const) {
    await page.goto(world().hub + (language === 'fr' ? pathname : `/en${pathname}`));
    found.push(...(await faults(page, language)));
  }
  return found;
}

/** Staff choose an operation on an instance's page, give the reason and watch it end. */
async function operate(page: Page, instanceId: string, type: string, reason: string): Promise<void> {
  // A choice made before the script of the page has arrived is the script's to overwrite.
  await page.goto(`${world().hub}/admin/instances/${instanceId}`, { waitUntil: 'networkidle' });
  await page.locator('select[name="type"]').selectOption(type);
  const form = page.locator('form[action="?/operate"]:has(select)');
  await form.locator('input[name="reason"]').fill(reason);
  await form.locator('button').last().click();
  await page.getByText('Opération ouverte').waitFor();
}

/** Opens a page whose scripts do not come yet. @returns what lets them come */
async function openWithoutScripts(page: Page, address: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  await page.route(/\/_app\/.*\.js/, async (route) => {
    await promise;
    await route.continue();
  });
  await page.goto(address, { waitUntil: 'commit' });
  return resolve;
}

test('a colleague is invited to the team, accepts by the mail, and sees what the role allows', async () => {
  const owner = await visitor(world());
  const colleague = await visitor(world());
  await journey('team', [owner.context, colleague.context], async () => {
    const customer = company('Vilaine');
    await signUp(owner.page, world(), customer);
    await owner.page.goto(`${world().hub}/start/organisation`);
    await owner.page.locator('input[name="name"]').fill(customer.organisation);
    await owner.page.locator('main form button:not([type="button"])').last().click();
    await owner.page.waitForURL(/\/start\/subdomain/);

    // On a slow line, what is chosen and typed before the scripts have come stays, and they take it from there.
    const come = await openWithoutScripts(owner.page, `${world().hub}/account/organisation`);
    const [country, siren, vat] = ['country', 'siren', 'vatNumber'].map((name) =>
      owner.page.locator(`[name="${name}"]`),
    );
    assert.ok(country && siren && vat);
    await country.selectOption('DE');
    await vat.fill('DE129273398');
    assert.ok(await siren.isVisible());
    come();
    await siren.waitFor({ state: 'hidden' });
    assert.deepEqual([await country.inputValue(), await vat.inputValue()], ['DE', 'DE129273398']);
    await owner.page.unrouteAll();

    await owner.page.goto(`${world().hub}/account/team`);
    const email = `collegue-${run}@entreprise.test`;
    await owner.page.locator('input[name="email"]').fill(email);
    await owner.page.locator('form[action="?/invite"] select[name="role"]').selectOption('administrator');
    await owner.page.getByRole('button', { name: 'Inviter' }).click();
    await owner.page.getByText(`L’invitation est partie à ${email}.`).waitFor();
    await owner.page.getByText('Invitations en attente').waitFor();

    const { page } = colleague;
    const link = await mailedLink(page, world(), email, /\/invitation/);
    await page.goto(link);
    await page.getByRole('link', { name: 'Créer un compte' }).click();
    await page.waitForURL(/\/inscription/);
    await page.locator('input[name="name"]').fill('Noa Collègue');
    await page.locator('input[name="email"]').fill(email);
    await page.locator('input[name="password"]').fill('quatre chevaux sous le préau');
    await page.getByRole('button', { name: 'Créer mon compte' }).click();
    await page.waitForURL(/\/verify/);
    await page.goto(await mailedLink(page, world(), email, /\/verify/));
    await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
    // Confirmed, they are back where they came from.
    await page.waitForURL(/\/invitation\?token=/);
    await page.getByRole('button', { name: 'Rejoindre l’équipe' }).click();
    await page.waitForURL(`${world().hub}/account`);
    await page.goto(`${world().hub}/account/team`);
    await page.getByText(customer.email).waitFor();

    // The same link a second time says why it opens nothing.
    await page.goto(link);
    await page.getByRole('button', { name: 'Rejoindre l’équipe' }).click();
    await page.locator('[role="alert"]').waitFor();

    await owner.page.goto(`${world().hub}/account/team`);
    await owner.page.getByText('Noa Collègue').first().waitFor();
    assert.equal(await owner.page.getByText('Invitations en attente').count(), 0);
    await owner.page.getByRole('button', { name: /Retirer\s+Noa/ }).click();
    await owner.page.getByRole('dialog').getByRole('button', { name: 'Retirer' }).click();
    await owner.page.getByText('La personne ne fait plus partie de l’équipe.').waitFor();
    await page.goto(`${world().hub}/account/team`);
    assert.equal(await page.getByText(customer.email).count(), 0, 'who was removed sees the team no more');
  });
});

test('a creation that fails, and staff who see it, retry it, suspend and resume the platform', async () => {
  const customer = company('Isole');
  const buyer = await visitor(world());
  const staff = await staffVisitor(world());
  await journey('staff', [buyer.context, staff.context], async () => {
    await signUp(buyer.page, world(), customer);
    await order(buyer.page, world(), customer);
    await withoutRelease(world(), async () => {
      await pay(buyer.page, '4242424242424242');
      await buyer.page
        .getByRole('heading', { name: 'La création n’a pas abouti' })
        .waitFor({ timeout: FAILURE_TIMEOUT_MS });
    });
    const found = await orderFaults(buyer.page);
    const reference = await buyer.page.locator('main code').first().innerText();
    const { page } = staff;
    await page.goto(`${world().hub}/admin/operations?state=failed&search=${customer.slug}`);
    const failed = page.locator('details', { hasText: customer.slug });
    await failed.locator('summary').click();
    await failed.getByText(reference).waitFor();
    await failed.locator('input[name="reason"]').fill('Relancée après réparation du paquet');
    await failed.getByRole('button', { name: 'Relancer' }).click();
    await page.getByText('Opération ouverte').waitFor();
    // Whoever left the page open, or comes back to it, finds the platform live.
    await buyer.page.reload();
    await watchUntilLive(buyer.page);
    found.push(...(await orderFaults(buyer.page)));
    assert.deepEqual(found, []);

    const { id } = await instanceOf(customer.slug);
    await operate(page, id, 'suspend', 'Contenu signalé, en attente de réponse');
    await page.locator('dl').first().getByText('Suspendue').waitFor({ timeout: SETTLED_MS });
    const closed = await buyer.page.goto(world().site(customer.slug));
    assert.equal(closed?.status(), 503);
    await buyer.page.goto(`${world().hub}/account`);
    await buyer.page.getByText('Suspendue', { exact: true }).waitFor();
    await operate(page, id, 'resume', 'Réponse reçue');
    await page.locator('dl').first().getByText('En ligne', { exact: true }).waitFor({ timeout: SETTLED_MS });
    const open = await buyer.page.goto(world().site(customer.slug));
    assert.equal(open?.status(), 200);

    await page.goto(`${world().hub}/admin/audit?person=staff@preau.test`);
    for (const reason of ['Relancée après réparation du paquet', 'Contenu signalé', 'Réponse reçue'])
      await page.getByText(reason).first().waitFor();
  });
});

test('staff replay a payment event and close an incident', async () => {
  const { context, page } = await staffVisitor(world());
  await journey('staff-inbox', [context], async () => {
    await page.goto(`${world().hub}/admin/inbox?state=done`);
    const row = page.locator('tbody tr').first();
    const event = await row.locator('code').first().innerText();
    await row.getByRole('button', { name: /Rejouer/ }).click();
    await page.getByText(`L’événement ${event} sera relu dans un instant.`).waitFor();
    const deadline = Date.now() + SETTLED_MS;
    for (;;) {
      const [entry] = await ask<{ state: string; attempts: number }>(
        'SELECT state, attempts::int AS attempts FROM inbox_entries WHERE event_id = $1',
        [event],
      );
      if (entry?.state === 'done' && entry.attempts === 1) break;
      assert.ok(
        Date.now() < deadline,
        `the replayed event is ${entry?.state} after ${entry?.attempts} looks`,
      );
      await page.waitForTimeout(200);
    }

    const { id } = await instanceOf('demo');
    await withoutRelease(world(), async () => {
      await crash(world(), id);
      const incident = page.locator('article', { hasText: 'demo' }).first();
      const deadline = Date.now() + FAILURE_TIMEOUT_MS;
      for (;;) {
        await page.goto(`${world().hub}/admin/incidents?state=open`);
        if ((await incident.count()) > 0) break;
        assert.ok(Date.now() < deadline, 'no incident was opened for an instance that does not stay up');
        await page.waitForTimeout(500);
      }
      const visit = await visitor(world());
      const answer = await visit.page.goto(world().site('demo'));
      assert.equal(answer?.status(), 503);
      await visit.context.close();
      await incident.getByRole('button', { name: 'Clore' }).click();
      assert.equal(
        await incident.locator('input[name="note"]').evaluate((one: HTMLInputElement) => one.validity.valid),
        false,
        'nothing is closed without a word',
      );
      // Before the page is hydrated this answer is a page of its own, and what is typed earlier stays on the old one.
      await incident.locator('[aria-invalid="true"]').waitFor();
      await incident.locator('input[name="note"]').fill('Paquet remis en place');
      await incident.getByRole('button', { name: 'Clore' }).click();
      await page.getByText('L’incident est clos.').waitFor();
    });
    await page.goto(`${world().hub}/admin/incidents?state=closed`);
    await page.locator('article', { hasText: 'demo' }).getByText('Clos', { exact: true }).first().waitFor();
    const deadlineUp = Date.now() + FAILURE_TIMEOUT_MS;
    while ((await page.goto(world().site('demo')))?.status() !== 200) {
      assert.ok(Date.now() < deadlineUp, 'the platform does not come back by itself');
      await page.waitForTimeout(500);
    }
  });
});

test('a platform deleted in the danger zone is gone: process, address, rows and files', async () => {
  const customer = company('Rance');
  const { context, page } = await visitor(world());
  await journey('deletion', [context], async () => {
    await becomeCustomer(page, world(), customer);
    const { id, tenantId } = await instanceOf(customer.slug);
    assert.ok(Object.keys(await rowsOf(tenantId)).length > 2);
    assert.notEqual(processesOf(id).length, 0);

    await page.goto(`${world().hub}/account/platforms/${id}`);
    await page.locator('input[name="confirmation"]').fill('autre-chose');
    await page.getByRole('button', { name: 'Supprimer définitivement' }).click();
    await page.locator('[aria-invalid="true"]').waitFor();
    await page.locator('input[name="confirmation"]').fill(customer.slug);
    await page.getByRole('button', { name: 'Supprimer définitivement' }).click();
    // The customer watches it end.
    await page.getByText('Cette plateforme et ses données n’existent plus.').waitFor({ timeout: SETTLED_MS });
    assert.equal(await page.getByRole('button', { name: 'Supprimer définitivement' }).count(), 0);

    assert.deepEqual(processesOf(id), []);
    // Our own record that there was a platform stays; nothing of its people and courses does.
    assert.deepEqual(await rowsOf(tenantId), { instances: 1 });
    const { dataDir } = world().platform;
    for (const folder of [`files/${tenantId}`, `instances/${id}`, `run/${id}`])
      assert.equal(existsSync(join(dataDir, folder)), false, `${folder} is still there`);
    // What ran for it wrote nothing of its people: the logs outlive it.
    const words = [customer.name, customer.email, customer.organisation];
    const logs = logsOf(dataDir);
    assert.ok(logs.length > 5);
    for (const log of logs) {
      const text = readFileSync(log, 'utf8');
      assert.deepEqual(
        words.filter((word) => text.includes(word)),
        [],
        log,
      );
    }
    const answer = await page.goto(world().site(customer.slug));
    assert.equal(answer?.status(), 404);

    await page.goto(`${world().hub}/account`);
    await page.getByText('Votre première plateforme vous attend').waitFor();
    await page.goto(`${world().hub}/account/billing`);
    await page.getByText('Résilié').first().waitFor();
    const [ended] = await ask<{ state: string }>('SELECT state FROM subscriptions WHERE instance_id = $1', [
      id,
    ]);
    assert.equal(ended?.state, 'cancelled');
    // The name is free for whoever wants it next.
    await page.goto(`${world().hub}/start/subdomain`);
    await page.locator('input[name="slug"]').fill(customer.slug);
    await page.getByRole('status').filter({ hasText: 'libre' }).waitFor();
  });
});
