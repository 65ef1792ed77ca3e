/** Our staff see a customer's platform by its administrator's consent only, under everybody's eyes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { faults } from './accessibility.ts';
import { mailedLink } from './customer.ts';
import { staffVisitor } from './staff.ts';
import { demoPassword, journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const run = Date.now().toString(36);
const ADMINISTRATOR = { email: 'admin@demo.test', password: demoPassword };
const BANNER = 'Session du support Préau';
const demo = () => world().site('demo');

/** SuperAdmin's page of the demonstration platform. */
async function openInstance(page: Page): Promise<void> {
  await page.goto(`${world().hub}/admin/instances?search=demo`);
  const link = page.locator('a[href*="/admin/instances/"]', { hasText: /^\s*demo\s*$/ }).first();
  await page.goto(new URL((await link.getAttribute('href')) ?? '', world().hub).href);
  await page.getByRole('heading', { name: 'Accès du support' }).waitFor();
}

/** What is wrong with the page of a platform that is open, in the visitor's language. */
async function wrongHere(page: Page): Promise<string[]> {
  const size = page.viewportSize();
  const found = await faults(page, 'fr');
  if (size) await page.setViewportSize(size);
  return found;
}

test('support asks, an administrator grants, sees in the log what is looked at, and ends it', async () => {
  const staff = await staffVisitor(world());
  const customer = await visitor(world());
  await journey('support', [staff.context, customer.context], async () => {
    const reason = `La page des personnes reste vide (${run})`;
    await openInstance(staff.page);
    const ask = staff.page.locator('form[action="?/support"]');
    await ask.locator('select[name="scope"]').selectOption('administrator');
    await ask.locator('input[name="hours"]').fill('48');
    await ask.locator('input[name="supportReason"]').fill(reason);
    await ask.getByRole('button', { name: 'Envoyer la demande' }).click();
    await staff.page.getByText('La demande est partie aux administrateurs de la plateforme.').waitFor();
    await staff.page.getByText('Une demande attend la réponse des administrateurs.').waitFor();
    const opener = staff.page
      .locator('li', { hasText: reason })
      .getByRole('button', { name: 'Ouvrir la plateforme' });
    assert.equal(await opener.count(), 0, 'a question opens nothing');

    const { page } = customer;
    await page.goto(await mailedLink(page, world(), ADMINISTRATOR.email, /\/admin\/support/));
    await page.waitForURL(/\/sign-in\?next=/);
    await page.locator('#sign-in input[name="email"]').fill(ADMINISTRATOR.email);
    await page.locator('#sign-in input[name="password"]').fill(ADMINISTRATOR.password);
    await page.locator('#sign-in button[type="submit"]').click();
    await page.waitForURL(`${demo()}/admin/support`);
    const answer = page.locator('form[id^="answer-"]');
    await page.getByText(reason).waitFor();
    const found = await wrongHere(page);
    // Less than what was asked for.
    await answer.locator('select[name="scope"]').selectOption('settings');
    await answer.locator('select[name="hours"]').selectOption('3');
    await answer.getByRole('button', { name: 'Accorder' }).click();
    const active = page.locator('li', { hasText: reason });
    await active.getByText('En cours', { exact: true }).waitFor();
    // The keyboard begins at the top of the page, not where the answered question was.
    await page.reload();
    found.push(...(await wrongHere(page)));

    await staff.page.reload();
    const [support] = await Promise.all([staff.context.waitForEvent('page'), opener.click()]);
    await support.waitForURL(`${demo()}/admin/people`);
    await support.getByRole('region', { name: BANNER }).waitFor();
    await support.getByText(ADMINISTRATOR.email).first().waitFor();
    found.push(...(await wrongHere(support)));
    await support.goto(`${demo()}/admin/settings`);
    await support.getByRole('region', { name: BANNER }).waitFor();
    // What the scope leaves out stays closed, and is no secret either.
    await support.goto(`${demo()}/admin/support`);
    assert.equal(await support.getByRole('button', { name: 'Donner un accès' }).count(), 0);
    await support.goto(`${demo()}/catalogue`);
    await support.getByRole('region', { name: BANNER }).waitFor();
    await support.goto(`${demo()}/profile`);
    assert.equal(await support.locator('input[type="password"]').count(), 0, 'nobody’s password is theirs');

    await page.reload();
    await active.getByRole('link', { name: 'Voir ce qui a été fait' }).click();
    await page.waitForURL(/\/admin\/journal\?access=/);
    const accessId = new URL(page.url()).searchParams.get('access') ?? '';
    for (const sentence of [
      /a ouvert une session du support/,
      /a consulté les personnes/,
      /a consulté les réglages/,
      /Une action de .+ a été refusée, hors de l’accès accordé\s: le catalogue/,
    ])
      await page.locator('li', { hasText: sentence }).first().waitFor();
    found.push(...(await wrongHere(page)));
    await page.getByRole('button', { name: 'Vérifier l’intégrité' }).click();
    await page.getByText(/^Intact\s: \d/).waitFor();

    // The platform's own log has the same acts, without the customer's things.
    await staff.page.goto(`${world().hub}/admin/audit?target=${accessId}`);
    await staff.page
      .getByText(/listPeople/)
      .first()
      .waitFor({ state: 'attached' });
    await staff.page.getByRole('button', { name: 'Vérifier l’intégrité' }).click();
    await staff.page
      .getByText(/intact/i)
      .first()
      .waitFor();

    await page.goto(`${demo()}/admin/support`);
    await active.getByRole('button', { name: 'Mettre fin à l’accès' }).click();
    await active.getByText('Arrêté', { exact: true }).waitFor();
    // Not after some seconds: at the next request.
    await support.goto(`${demo()}/admin`);
    await support.waitForURL(/\/sign-in/);
    await support.getByText('Cette session du support est terminée').waitFor();
    assert.equal(await support.getByRole('region', { name: BANNER }).count(), 0);
    found.push(...(await wrongHere(support)));

    await openInstance(staff.page);
    await staff.page.locator('li', { hasText: reason }).getByText('Arrêté').waitFor();
    assert.equal(await opener.count(), 0);
    await page.goto(`${demo()}/admin/journal?access=${accessId}`);
    await page.getByText(/a mis fin à un accès du support/).waitFor();
    assert.deepEqual(found, []);
  });
});
