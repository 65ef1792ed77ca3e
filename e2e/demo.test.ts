/** The demonstration that every start makes sure of: its customer is one of the payment provider's, once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const RESTART_MS = 30_000;

/** From the hub to the provider's portal, and what is read there. */
async function readPortal(page: Page): Promise<{ invoices: string[]; card: string }> {
  await page.goto(`${world().hub}/account/billing`);
  await page.getByRole('button', { name: 'Moyen de paiement et résiliation' }).click();
  await page.waitForURL(/\/\/pay\.localhost.*\/portal\//);
  const invoices = await page.locator('tbody tr').allInnerTexts();
  return { invoices, card: await page.locator('section').last().innerText() };
}

async function backendAnswers(page: Page): Promise<void> {
  const deadline = Date.now() + RESTART_MS;
  while (!(await page.goto(`${world().hub}/account/billing`))?.ok()) {
    assert.ok(Date.now() < deadline, 'the backend did not come back');
    await sleep(200);
  }
}

test('the demonstration’s customer pays at the provider: portal, card and invoice are there, and a restart adds nothing', async () => {
  const { context, page } = await visitor(world());
  await journey('demo', [context], async () => {
    await page.goto(`${world().hub}/connexion`);
    await page.locator('input[name="email"]').fill('claire@atelier.test');
    await page.locator('input[name="password"]').fill('preau-demo-2026');
    await page.locator('main form button:not([type="button"])').last().click();
    await page.waitForURL(/\/account/);

    const first = await readPortal(page);
    assert.equal(first.invoices.length, 1);
    assert.match(first.invoices[0] ?? '', /SB-\d{4}-\d{6}[\s\S]*178,80/);
    assert.match(first.card, /4242/);

    await page.goto(`${world().hub}/account/billing`);
    const invoice = page.locator('table a').first();
    const number = await invoice.innerText();
    await invoice.click();
    await page.waitForURL(/\/invoices\//);
    assert.match(await page.locator('main').innerText(), new RegExp(`${number}[\\s\\S]*Atelier Dumas`));

    world().platform.kill('backend');
    await sleep(1_000);
    await backendAnswers(page);
    assert.deepEqual(await readPortal(page), first);
    await page.goto(`${world().hub}/account/billing`);
    assert.equal(await page.locator('table a').count(), 1);
    assert.equal(await page.getByRole('button', { name: 'Moyen de paiement et résiliation' }).count(), 1);
  });
});
