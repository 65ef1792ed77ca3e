/** The pages of a learner that are documents: moving between them with and without script, forms, bad requests. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { faults } from './accessibility.ts';
import { swap } from './swap.ts';
import { enrol, signIn, writeCourse } from './trainer.ts';
import { demoPassword, journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const demo = () => world().site('demo');
const run = randomBytes(4).toString('hex');

/** Marks the window: the mark is gone once the browser itself has loaded a page. */
const mark = (page: Page) => page.evaluate('window.marked = true');
const isMarked = (page: Page) => page.evaluate('window.marked === true');
const focused = (page: Page) => page.evaluate('document.activeElement.tagName');

test('a lesson is reached, completed and left, with script and without', { timeout: 240_000 }, async () => {
  const trainer = await visitor(world());
  const learner = await visitor(world());
  const plain = await visitor(world(), { javaScript: false });
  await journey('documents', [trainer.context, learner.context, plain.context], async () => {
    const title = `Sans détour ${run}`;
    await signIn(trainer.page, demo(), 'formateur@demo.test', demoPassword);
    const courseId = await writeCourse(trainer.page, demo(), title);
    await enrol(trainer.page, demo(), courseId, 'apprenant@demo.test, formateur@demo.test');
    await plain.context.addCookies(await trainer.context.cookies());

    const { page } = learner;
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) faults.push(message.text());
    });
    await signIn(page, demo(), 'apprenant@demo.test', demoPassword);
    await mark(page);
    await page.getByRole('link', { name: title }).first().click();
    await page.waitForURL(/\/courses\//);
    const course = page.url();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    assert.equal(await focused(page), 'H1');
    assert.match(await page.title(), new RegExp(`^${title} · `));
    await page.locator('aside a[href*="/activities/"]').click();
    await page.locator('#lesson').waitFor();
    const lesson = page.url();
    assert.match(await page.locator('#lesson').innerText(), /Bonjour à vous\./);
    await page.goBack();
    await page.locator('ol.programme').waitFor();
    assert.equal(page.url(), course);
    await page.goForward();
    await page.locator('#lesson').waitFor();
    assert.equal(page.url(), lesson);
    await page.keyboard.press('Alt+KeyN');
    const start = page.locator('#start button');
    await start.waitFor();
    assert.notEqual(page.url(), lesson);
    assert.ok(await isMarked(page), 'a document took the place of another without a page being loaded');
    const quiz = page.url();
    await page.goto(course);
    assert.equal(await page.locator('aside progress').first().getAttribute('value'), '50');
    await page.goto(quiz);
    await start.click();
    await page.waitForURL(/\/attempts\//);
    await page.locator('[data-question]').first().waitFor();
    assert.deepEqual(faults, []);

    const still = plain.page;
    await still.goto(course);
    await still.locator('aside a[href*="/activities/"]').click();
    assert.equal(still.url(), lesson);
    await still.locator('#complete button').click();
    assert.equal(still.url(), quiz);
    await still.locator('#start button').click();
    await still.waitForURL(/\/attempts\//);
    assert.equal(await still.locator('[data-question]').count(), 1);
  });
});

test('what is asked wrongly is refused, and a stranger is sent to sign in', async () => {
  const stranger = await visitor(world());
  await journey('documents-refused', [stranger.context], async () => {
    const { request } = stranger.page;
    // Node.js resolves no name below localhost.
    const { host, port } = new URL(demo());
    const origin = `http://127.0.0.1:${port}`;
    const lesson = `${origin}/activities/01a212ed-5470-7d2a-af7b-0d4bfd8619e6`;
    const headers = { Host: host, Origin: demo() };
    const asked = await request.get(lesson, { headers: { Host: host }, maxRedirects: 0 });
    assert.equal(asked.status(), 307);
    assert.match(asked.headers().location ?? '', /^\/sign-in\?next=%2Factivities%2F/);
    assert.match(asked.headers()['cache-control'] ?? '', /private.*no-store/);
    const soft = await request.get(lesson, { headers: { Host: host, 'Preau-Navigation': 'soft' } });
    assert.equal(soft.status(), 204);
    assert.match(soft.headers()['preau-location'] ?? '', /^\/sign-in/);
    assert.equal((await request.put(lesson, { headers })).status(), 405);
    assert.equal(
      (await request.post(lesson, { headers: { Host: host }, form: { course: 'x' } })).status(),
      403,
    );
    const long = await request.post(lesson, { headers, form: { course: 'x'.repeat(100_000) } });
    assert.equal(long.status(), 413);
    assert.equal(
      (await request.get(`${origin}/courses/%F0%9F%98%80<script>`, { headers: { Host: host } })).status(),
      404,
    );
    const away = await request.post(lesson, {
      headers,
      form: { course: 'https://elsewhere.test/' },
      maxRedirects: 0,
    });
    assert.match(away.headers().location ?? '', /^\/sign-in/);
  });
});

test('a page from before an update loses nothing that was typed when it sends what the new release does not know', async () => {
  const { context, page } = await visitor(world());
  await journey('former-page', [context], async () => {
    await signIn(page, demo(), 'formateur@demo.test', demoPassword);
    await page.goto(`${demo()}/studio`);
    const typed = `D’avant et d’après ${run}`;
    await page.locator('#new-course input[name="title"]').fill(typed);
    if (!process.env.E2E_RUNNING) await swap(world(), 'demo');
    // The action was drawn by the process that has gone, and the course's page loads its scripts from the new one.
    await page.locator('#new-course button[type="submit"]').click();
    await page.waitForURL(/\/studio\/courses\/[0-9a-f-]{36}$/);
    await page.getByRole('heading', { level: 1, name: typed }).waitFor();

    await page.goto(`${demo()}/studio`);
    // Whatever the former release called its action, this one has none of that name.
    await page.route('**/studio', (route) => {
      const headers = route.request().headers();
      return route.continue({
        headers: headers['next-action'] ? { ...headers, 'next-action': `7f${'0'.repeat(40)}` } : headers,
      });
    });
    const title = `D’avant ${run}`;
    await page.locator('#new-course input[name="title"]').fill(title);
    await page.locator('#new-course button[type="submit"]').click();
    await page.getByRole('heading', { name: 'Votre plateforme vient d’être mise à jour' }).waitFor();
    assert.deepEqual(await faults(page, 'fr'), []);
    await page.unroute('**/studio');
    await page.getByRole('button', { name: 'Recharger la page' }).click();
    await page.waitForFunction(
      (typed) => document.querySelector<HTMLInputElement>('#new-course input[name="title"]')?.value === typed,
      title,
    );
    await page.locator('#new-course button[type="submit"]').click();
    await page.waitForURL(/\/studio\/courses\/[0-9a-f-]{36}$/);
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
  });
});
