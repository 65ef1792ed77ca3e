/** What a customer does on the hub, as a person would: from the home page to a platform that is live. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { customerPassword, type World } from './world.ts';

const MAIL_TIMEOUT_MS = 20_000;
const LIVE_TIMEOUT_MS = 60_000;

export interface Customer {
  name: string;
  email: string;
  organisation: string;
  slug: string;
  colour: string;
}

/** The newest mail to an address in the built-in outbox whose text has a link like the pattern. */
export async function mailedLink(page: Page, world: World, to: string, pattern: RegExp): Promise<string> {
  const deadline = Date.now() + MAIL_TIMEOUT_MS;
  for (;;) {
    await page.goto(`${world.hub}/outbox?to=${encodeURIComponent(to)}`);
    for (const mail of await page.locator('a[href*="/outbox/"]').all()) {
      const href = await mail.getAttribute('href');
      const reading = await page.context().newPage();
      await reading.goto(new URL(href ?? '', world.hub).href);
      const text = await reading.locator('main').innerText();
      await reading.close();
      const link = (text.match(/https?:\/\/[^\s<>"]+/g) ?? []).find((one) => pattern.test(one));
      if (link) return link;
    }
    assert.ok(Date.now() < deadline, `no mail to ${to} with a link like ${pattern}`);
    await page.waitForTimeout(300);
  }
}

/** Sends the page's form by its last submit button and waits for the next page. */
async function send(page: Page, next: RegExp): Promise<void> {
  const form = page.locator('main form:has(button:not([type="button"]))').last();
  await form.locator('button:not([type="button"])').last().click();
  await page.waitForURL(next);
}

/** From the home page to an account whose address is confirmed. */
export async function signUp(page: Page, world: World, customer: Customer): Promise<void> {
  await page.goto(world.hub);
  await page.getByRole('link', { name: 'Créer ma plateforme' }).first().click();
  await page.waitForURL(/\/inscription/);
  await page.locator('input[name="name"]').fill(customer.name);
  await page.locator('input[name="email"]').fill(customer.email);
  await page.locator('input[name="password"]').fill(customerPassword);
  await page.getByRole('button', { name: 'Créer mon compte' }).click();
  await page.waitForURL(/\/verify/);
  await page.goto(await mailedLink(page, world, customer.email, /\/verify/));
  await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
  await page.waitForURL(/\/start/);
}

/** The onboarding: organisation, subdomain, plan, branding, summary; ends on the provider's payment page. */
export async function order(page: Page, world: World, customer: Customer): Promise<void> {
  await page.goto(`${world.hub}/start/organisation`);
  await page.locator('input[name="name"]').fill(customer.organisation);
  await send(page, /\/start\/subdomain/);
  await page.locator('input[name="slug"]').fill(customer.slug);
  await page
    .getByRole('status')
    .filter({ hasText: `${customer.slug}.localhost` })
    .waitFor();
  await send(page, /\/start\/plan/);
  await page.locator('input[name="priceId"]').first().check();
  await send(page, /\/start\/branding/);
  await page.locator('input[name="name"]').fill(customer.organisation);
  await page.locator('input[name="colour"]:visible').last().fill(customer.colour);
  await send(page, /\/start\/summary/);
  await page.locator('input[name="terms"]').check();
  await send(page, /\/\/pay\.localhost/);
}

export type Card = '4242424242424242' | '4000000000000002' | '4000002760003184';

/** Pays at the sandbox provider with a test card. */
export async function pay(page: Page, card: Card): Promise<void> {
  await page.locator('#number').fill(card);
  await page.locator('#expiry').fill('12/34');
  await page.locator('#cvc').fill('123');
  await page.locator('#pay').click();
}

/** Watches the steps on the order's page until the platform is live. */
export async function watchUntilLive(page: Page): Promise<void> {
  await page.waitForURL(/\/orders\//);
  await page.getByRole('button', { name: /Ouvrir ma plateforme/ }).waitFor({ timeout: LIVE_TIMEOUT_MS });
}

/** From the hub to the platform, signed in as its administrator. */
export async function openPlatform(page: Page, world: World, customer: Customer): Promise<void> {
  await page.getByRole('button', { name: /Ouvrir ma plateforme/ }).click();
  await page.waitForURL(`${world.site(customer.slug)}/**`);
  await page.getByRole('link', { name: 'Administration' }).first().waitFor();
}

/** The whole of it, with a card that works. */
export async function becomeCustomer(page: Page, world: World, customer: Customer): Promise<void> {
  await signUp(page, world, customer);
  await order(page, world, customer);
  await pay(page, '4242424242424242');
  await watchUntilLive(page);
}
