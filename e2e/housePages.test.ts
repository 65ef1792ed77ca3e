/** Every page that the gateway and the sandbox provider answer, as people see them: axe-core, width, languages, themes. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { z } from 'zod';
import { type TestGateway, testGateway } from '../apps/gateway/src/testing/gateway.ts';
import { type TestSandbox, testSandbox } from '../apps/sandbox/src/testing/sandbox.ts';
import { chromiumPath } from '../tools/paths.ts';

const axe = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
const violations = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ target: z.array(z.unknown()) })) }),
);
const looks = [
  { language: 'fr', colorScheme: 'light', width: 360 },
  { language: 'en', colorScheme: 'dark', width: 360 },
  { language: 'en', colorScheme: 'light', width: 1280 },
  { language: 'fr', colorScheme: 'dark', width: 1280 },
] as const;

/** What axe-core finds, and whether the page is wider than the screen. */
async function faults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const found = violations.parse(await page.evaluate('axe.run().then((result) => result.violations)'));
  const wide = await page.evaluate(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
  return [
    ...found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`),
    ...(wide === true ? ['wider than the screen'] : []),
  ];
}

describe('the pages of the gateway and of the payment provider', () => {
  let browser: Browser;
  let gateway: TestGateway;
  let sandbox: TestSandbox;
  before(async () => {
    gateway = await testGateway();
    sandbox = await testSandbox();
    browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        `--host-resolver-rules=MAP *.preau.test 127.0.0.1:${gateway.port}`,
      ],
    });
  });
  after(async () => {
    await browser?.close();
    await sandbox?.close();
    await gateway?.close();
  });

  async function look(change: (typeof looks)[number]): Promise<Page> {
    const { language, colorScheme, width } = change;
    const context = await browser.newContext({
      colorScheme,
      locale: language === 'fr' ? 'fr-FR' : 'en-GB',
      viewport: { width, height: 800 },
      // axe-core is put into pages that allow no script.
      bypassCSP: true,
    });
    context.setDefaultTimeout(15_000);
    return context.newPage();
  }

  async function checkout(): Promise<{ url: string; ref: string; customerRef: string }> {
    const organisationId = randomUUID();
    const customer = await sandbox.billing.ensureCustomer({
      organisationId,
      existingRef: null,
      email: 'claire@atelier.test',
      organisationName: 'Atelier des Lumières',
      country: 'FR',
      siren: null,
      vatNumber: null,
      locale: 'fr',
    });
    return sandbox.billing.createCheckout({
      orderId: randomUUID(),
      organisationId,
      customerRef: customer.ref,
      currency: 'EUR',
      interval: 'month',
      lines: [
        {
          kind: 'plan',
          priceRef: 'p1',
          label: { fr: 'Essentiel', en: 'Essential' },
          quantity: 1,
          unitAmountMinor: 4_900,
        },
        {
          kind: 'addOn',
          priceRef: 'p2',
          label: { fr: 'Domaine personnalisé', en: 'Custom domain' },
          quantity: 2,
          unitAmountMinor: 990,
        },
      ],
      locale: 'fr',
      successUrl: `${sandbox.url}/?paid`,
      cancelUrl: `${sandbox.url}/?abandoned`,
      expiresAt: new Date(Date.now() + 30 * 60_000).toISOString(),
      idempotencyKey: randomUUID(),
    });
  }

  for (const change of looks) {
    const name = `${change.language}, ${change.colorScheme}, ${change.width} px`;

    it(`gateway: ${name}`, async () => {
      const page = await look(change);
      for (const state of ['starting', 'sleeping', 'suspended', 'failed'] as const) {
        await gateway.routes.put(`${state}.preau.test`, {
          state,
          name: 'Atelier des Lumières',
          locale: 'fr',
        });
      }
      await gateway.routes.put('down.preau.test', { state: 'live', endpoint: 'http://127.0.0.1:9' });
      for (const host of ['starting', 'sleeping', 'suspended', 'failed', 'down', 'nobody', 'a.b']) {
        await page.goto(`http://${host}.preau.test/`, { waitUntil: 'domcontentloaded' });
        assert.equal(await page.locator('html').getAttribute('lang'), change.language);
        assert.deepEqual(await faults(page), [], host);
      }
      // A form that was sent to a platform that did not wake in time.
      await page.goto('about:blank');
      await page.setContent(
        '<form method="post" action="http://sleeping.preau.test/"><button>x</button></form>',
      );
      await page.locator('button').click();
      await page.waitForURL('http://sleeping.preau.test/');
      assert.equal(await page.locator('html').getAttribute('data-state'), 'unsent');
      assert.deepEqual(await faults(page), [], 'unsent');
      await page.context().close();
    });

    it(`payment: ${name}`, async () => {
      const page = await look(change);
      const lang = `?lang=${change.language}`;
      const { url, ref, customerRef } = await checkout();
      const see = async (what: string) => assert.deepEqual(await faults(page), [], what);

      await page.goto(url + lang);
      await see('checkout');
      await page.locator('#siren').fill('123');
      await page.locator('#number').fill('4111111111111111');
      await page.locator('#pay').click();
      await page.locator('#siren-fault').waitFor();
      await see('faults');
      await page.locator('#siren').fill('');
      await page.locator('button[value="declined"]').click();
      await page.locator('#pay').click();
      await page.locator('#alert').waitFor();
      await see('declined');
      await page.locator('button[value="challenge"]').click();
      await page.locator('#pay').click();
      await page.waitForURL(/\/challenge/);
      await see('3-D Secure');
      await page.locator('button[value="confirm"]').click();
      await page.waitForURL(/paid/);

      const { subscriptionRef } = await sandbox.billing.getCheckout(ref);
      const { invoices } = await sandbox.billing.getSubscription(subscriptionRef ?? '');
      const portal = await sandbox.billing.portalSession({
        customerRef,
        returnUrl: sandbox.url,
        locale: 'fr',
      });
      const expired = await checkout();
      await sandbox.billing.expireCheckout(expired.ref);
      for (const address of [
        invoices[0]?.url ?? '',
        portal.url,
        expired.url,
        `${sandbox.url}/`,
        `${sandbox.url}/nope`,
      ]) {
        await page.goto(address + lang);
        assert.equal(await page.locator('html').getAttribute('lang'), change.language);
        await see(address);
      }
      await page.context().close();
    });
  }

  it('a waiting page gives way by itself once the platform is there', async () => {
    const page = await look(looks[0]);
    await gateway.routes.put('soon.preau.test', { state: 'starting', name: 'Bientôt' });
    await page.goto('http://soon.preau.test/');
    assert.equal(await page.title(), 'Bientôt démarre');
    await gateway.routes.put('soon.preau.test', { state: 'suspended', name: 'Bientôt' });
    await page.waitForFunction('document.title.includes("suspendu")');
    await page.context().close();
  });
});
