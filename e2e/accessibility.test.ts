/** axe-core, headings, the Tab key and 360 px on every page, in both languages, by light and by night. */
import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { BrowserContext, Page } from 'playwright-core';
import { faults, type Language } from './accessibility.ts';
import { type Customer, signUp } from './customer.ts';
import { finishCourse } from './learner.ts';
import { filled, hubPages, platformPages } from './pages.ts';
import { password, staffVisitor } from './staff.ts';
import { enrol, signIn, writeCourse } from './trainer.ts';
import { demoPassword, journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const languages = ['fr', 'en'] as const;
const LIVE_MS = 60_000;
const run = Date.now().toString(36);

const inEnglish = (path: string) => (path === '/' ? '/en' : `/en${path}`);
const demo = () => world().site('demo');

/** Opens each address and collects what is wrong there. */
async function look(page: Page, addresses: string[], language: Language): Promise<string[]> {
  const found: string[] = [];
  for (const address of addresses) {
    const answer = await page.goto(address);
    if ((answer?.status() ?? 0) >= 500) found.push(`${address} answers ${answer?.status()}`);
    else found.push(...(await faults(page, language)));
  }
  return found;
}

function none(found: string[]): void {
  assert.equal(found.length, 0, `\n${[...new Set(found)].join('\n')}\n`);
}

/** The hub's pages at these routes, as whoever is signed in. */
async function hubLook(page: Page, paths: string[]): Promise<void> {
  const found: string[] = [];
  for (const language of languages) {
    const addresses = paths.map((path) => world().hub + (language === 'fr' ? path : inEnglish(path)));
    found.push(...(await look(page, addresses, language)));
  }
  none(found);
}

/** Pages of the demonstration platform, in the language that its person chooses. */
async function platformLook(page: Page, paths: string[]): Promise<void> {
  const found: string[] = [];
  for (const language of languages) {
    await speak(page, language);
    found.push(
      ...(await look(
        page,
        paths.map((path) => demo() + path),
        language,
      )),
    );
  }
  await speak(page, 'fr');
  none(found);
}

/** The newest mail's page: there is one as soon as the demonstration's platform is live. */
async function firstMail(page: Page): Promise<string | null> {
  const deadline = Date.now() + LIVE_MS;
  const mails = page.locator('a[href*="/outbox/"]');
  for (;;) {
    await page.goto(`${world().hub}/outbox`);
    if ((await mails.count()) > 0) return mails.first().getAttribute('href');
    assert.ok(Date.now() < deadline, 'the demonstration sent no mail');
    await page.waitForTimeout(500);
  }
}

async function speak(page: Page, locale: Language): Promise<void> {
  await page.goto(`${demo()}/verify`);
  const status = await page.evaluate(async (locale) => {
    const body = new URLSearchParams({ locale });
    return (await fetch('/preferences', { method: 'POST', body })).status;
  }, locale);
  assert.equal(status, 200);
}

async function signInToHub(page: Page, email: string): Promise<void> {
  await page.goto(`${world().hub}/connexion`);
  await page.locator('input[name="email"]').fill(email);
  await page.locator('input[name="password"]').fill(demoPassword);
  await page.locator('main form button:not([type="button"])').last().click();
  await page.waitForURL((url) => url.pathname !== '/connexion');
}

async function area(name: string, contexts: BrowserContext[], work: () => Promise<void>): Promise<void> {
  await journey(`accessibility-${name}`, contexts, work);
}

const isPortal = (route: string) => route.startsWith('/account');
const isStaff = (route: string) => route.startsWith('/admin');
const isOnboarding = (route: string) => /^\/(start|orders)\b/.test(route);

describe('the hub', { concurrency: 2 }, () => {
  test('its public pages, the outbox and a page that is not there', async () => {
    const { context, page } = await visitor(world());
    await area('site', [context], async () => {
      const mail = await firstMail(page);
      const values = { mailId: mail?.split('/').at(-1) ?? '' };
      const routes = hubPages().filter((one) => !isPortal(one) && !isStaff(one) && !isOnboarding(one));
      const paths = routes.map((route) => filled(route, values)).filter((path) => path !== undefined);
      await hubLook(page, [...paths, '/nulle-part']);
    });
  });

  test('onboarding and the payment page', async () => {
    const { context, page } = await visitor(world());
    await area('onboarding', [context], async () => {
      const customer: Customer = {
        name: 'Camille Vasseur',
        email: `accessible-${run}@entreprise.test`,
        organisation: 'Vasseur Formation',
        slug: `vasseur-${run}`,
        colour: '#7a2e8e',
      };
      await signUp(page, world(), customer);
      const found: string[] = [];
      async function here(): Promise<void> {
        const address = new URL(page.url());
        found.push(...(await look(page, [`${address.origin}/en${address.pathname}`], 'en')));
        found.push(...(await look(page, [address.href], 'fr')));
        await page.setViewportSize({ width: 1280, height: 860 });
      }
      async function send(next: RegExp): Promise<void> {
        await page
          .locator('main form:has(button:not([type="button"]))')
          .last()
          .locator('button:not([type="button"])')
          .last()
          .click();
        await page.waitForURL(next);
      }
      await page.goto(`${world().hub}/start/organisation`);
      await here();
      await page.locator('input[name="name"]').fill(customer.organisation);
      await send(/\/start\/subdomain/);
      await here();
      await page.locator('input[name="slug"]').fill(customer.slug);
      await send(/\/start\/plan/);
      await here();
      await page.locator('input[name="priceId"]').first().check();
      await send(/\/start\/branding/);
      await here();
      await page.locator('input[name="name"]').fill(customer.organisation);
      await send(/\/start\/summary/);
      await here();
      await page.locator('input[name="terms"]').check();
      await send(/\/\/pay\.localhost/);
      const checkout = new URL(page.url());
      for (const language of languages) {
        checkout.searchParams.set('lang', language);
        found.push(...(await look(page, [checkout.href], language)));
      }
      none(found);
    });
  });

  test('the portal of a customer', async (t) => {
    const routes = hubPages().filter((route) => isPortal(route) || route.startsWith('/orders'));
    const { context, page } = await visitor(world());
    await area('portal', [context], async () => {
      await signInToHub(page, 'claire@atelier.test');
      const values = await linkedIds(page, `${world().hub}/account`, {
        instanceId: /\/platforms\/([0-9a-f-]{36})/,
        orderId: /\/orders\/([0-9a-f-]{36})/,
      });
      await hubLook(page, addressesOf(t, routes, values));
    });
  });
});

describe('SuperAdmin', () => {
  test('signing in: the password, then the code', async () => {
    const { context, page } = await visitor(world());
    // An app is enrolled by now: what is left to look at is the page that asks for its code.
    const { context: enrolled } = await staffVisitor(world());
    await enrolled.close();
    await area('staff-sign-in', [context], async () => {
      await hubLook(page, ['/admin/sign-in']);
      const found: string[] = [];
      for (const language of languages) {
        await page.goto(world().hub + (language === 'fr' ? '/admin/sign-in' : '/en/admin/sign-in'));
        await password(page);
        found.push(...(await faults(page, language)));
      }
      none(found);
    });
  });

  test('every page of staff', async (t) => {
    const { context, page } = await staffVisitor(world());
    await area('staff', [context], async () => {
      const routes = hubPages().filter((route) => isStaff(route) && route !== '/admin/sign-in');
      const values = await linkedIds(page, `${world().hub}/admin/instances`, {
        instanceId: /\/admin\/instances\/([0-9a-f-]{36})/,
      });
      await hubLook(page, addressesOf(t, routes, values));
    });
  });
});

/** Ids that a page's links name. */
async function linkedIds(
  page: Page,
  address: string,
  patterns: Record<string, RegExp>,
): Promise<Record<string, string>> {
  await page.goto(address);
  const hrefs = await page
    .locator('a[href], form[action]')
    .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? one.getAttribute('action') ?? ''));
  return Object.fromEntries(
    Object.entries(patterns).flatMap(([name, pattern]) => {
      const id = hrefs.map((href) => pattern.exec(href)?.[1]).find(Boolean);
      return id ? [[name, id]] : [];
    }),
  );
}

/** The addresses of routes; says which could not be looked at. */
function addressesOf(t: TestContext, routes: string[], values: Record<string, string>): string[] {
  return routes.flatMap((route) => {
    const path = filled(route, values);
    if (path === undefined) t.diagnostic(`not looked at, for want of an id: ${route}`);
    return path ?? [];
  });
}

test('a platform that does not exist', async () => {
  const found: string[] = [];
  for (const [locale, language] of [
    ['fr-FR', 'fr'],
    ['en-GB', 'en'],
  ] as const) {
    const { context, page } = await visitor(world(), { locale });
    await area('gateway', [context], async () => {
      found.push(...(await look(page, [world().site('nulle-part')], language)));
    });
  }
  none(found);
});

describe('a platform', { concurrency: 2 }, () => {
  const entry = /^\/(sign-in|register|invitation|password|auth|catalogue|verify|missing)/;
  const studio = (route: string) => route.startsWith('/studio');
  const administration = (route: string) => route.startsWith('/admin');

  test('the pages of a visitor', async (t) => {
    const { context, page } = await visitor(world());
    await area('visitor', [context], async () => {
      const values = await linkedIds(page, `${demo()}/catalogue`, { slug: /\/courses\/([\w-]+)/ });
      const routes = platformPages().filter((route) => entry.test(route) || route === '/courses/[slug]');
      await platformLook(page, [
        ...addressesOf(
          t,
          routes.filter((route) => !route.includes('[code]')),
          values,
        ),
        '/nulle-part/du-tout',
      ]);
    });
  });

  test('the studio, and what a learner sees of a course', async (t) => {
    const trainer = await visitor(world());
    const learner = await visitor(world());
    await area('studio', [trainer.context, learner.context], async () => {
      const title = `Pour tous ${run}`;
      await signIn(trainer.page, demo(), 'formateur@demo.test', demoPassword);
      const courseId = await writeCourse(trainer.page, demo(), title);
      await enrol(trainer.page, demo(), courseId, 'apprenant@demo.test');
      await trainer.page.goto(`${demo()}/studio/imports?course=${courseId}`);
      const importId = await sendQuestions(trainer.page);
      await trainer.page.goto(`${demo()}/studio/courses/${courseId}`);
      const activities = await trainer.page
        .locator('a[href^="/studio/activities/"]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      const ids = { courseId, importId };
      await platformLook(trainer.page, [
        ...addressesOf(
          t,
          platformPages().filter((one) => studio(one) && !one.includes('[activityId]')),
          ids,
        ),
        ...activities,
      ]);

      const { page } = learner;
      await signIn(page, demo(), 'apprenant@demo.test', demoPassword);
      const slug = `pour-tous-${run}`;
      const seen = new Set<string>();
      await finishCourse(page, demo(), slug, async (quiz) => {
        seen.add(new URL(quiz.url()).pathname);
        await quiz.getByText('Paris', { exact: true }).click();
      });
      await page.goto(`${demo()}/courses/${slug}`);
      const steps = await page
        .locator('main a[href*="/activities/"]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      const { code } = await linkedIds(page, `${demo()}/`, { code: /\/certificates\/([\w-]+)/ });
      assert.ok(code, 'the learner has a certificate');
      const routes = platformPages().filter(
        (route) =>
          !studio(route) && !administration(route) && !entry.test(route) && !route.includes('[activityId]'),
      );
      await platformLook(page, [
        ...addressesOf(t, routes, { slug, code }),
        ...new Set([...steps, ...seen]),
        `/verify/${code}`,
        '/verify/0000-0000',
      ]);
    });
  });

  test('the administration', async (t) => {
    const { context, page } = await visitor(world());
    await area('administration', [context], async () => {
      await signIn(page, demo(), 'admin@demo.test', demoPassword);
      // With somebody in the team, its page shows what it is for.
      await page.goto(`${demo()}/admin/people?search=lucie`);
      await page.getByLabel('Choisir le responsable de Lucie Moreau').selectOption({ label: 'Nadia Benali' });
      await page.getByRole('button', { name: 'Appliquer' }).click();
      await page.getByText('Le changement est enregistré.').waitFor();
      await platformLook(page, [
        ...addressesOf(t, platformPages().filter(administration), { roleKey: 'new' }),
        '/team',
      ]);
    });
  });
});

/** Imports one question into the course whose imports are open, and answers the import's id. */
async function sendQuestions(page: Page): Promise<string> {
  await page.locator('form select').first().selectOption('gift');
  await page.locator('input[type="file"]').setInputFiles({
    name: 'une.gift',
    mimeType: 'text/plain',
    buffer: Buffer.from('::Somme:: Combien font 1 + 1 ? {=2 ~3}\n\nUn bloc mal {formé'),
  });
  await page.locator('form button[type="submit"]').last().click();
  await page.waitForURL(/\/studio\/imports\/[0-9a-f-]{36}/);
  return page.url().split('/').at(-1) ?? '';
}
