/**
 * `node tools/pictures.ts http://localhost:8080`: takes the pictures of the product that the public site shows, on the
 * demonstration's platform as it runs there: each page in both languages, with a course in that language, and in both
 * themes. Run it on a fresh data folder.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { zipSync } from 'fflate';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { courtyard } from '../apps/backend/src/seed/drawings.ts';
import { root } from './paths.ts';
import { fail, Refusal } from './terminal.ts';

type Language = 'fr' | 'en';
const PASSWORD = 'preau-demo-2026';
const TRAINER = 'formateur@demo.test';
const LEARNER = 'apprenant@demo.test';
/** In French the course that every demonstration has; in English the one beside this file. */
const COURSES: Record<Language, { title: string; lesson: string }> = {
  fr: { title: 'Accueillir un nouvel apprenant', lesson: 'Pourquoi l’accueil compte' },
  en: { title: 'Welcoming a new learner', lesson: 'Why a welcome matters' },
};
/** As ProductShot.svelte shows them, with pixels for sharp screens: 1680 × 1050. */
const SIZE = { width: 1120, height: 700 };
const SCALE = 1.5;
const QUALITY = 80;
const WAIT_MS = 60_000;

/** A window of the size of a picture, where somebody is signed in and reads in a language. */
async function signedIn(browser: Browser, site: string, email: string, language: Language): Promise<Page> {
  const context = await browser.newContext({
    viewport: SIZE,
    deviceScaleFactor: SCALE,
    locale: language === 'fr' ? 'fr-FR' : 'en-GB',
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  await page.goto(`${site}/sign-in`);
  await page.locator('#sign-in input[name="email"]').fill(email);
  await page.locator('#sign-in input[name="password"]').fill(PASSWORD);
  await page.locator('#sign-in button[type="submit"]').click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  const status = await page.evaluate(
    async (locale) =>
      (await fetch('/preferences', { method: 'POST', body: new URLSearchParams({ locale }) })).status,
    language,
  );
  if (status !== 200) throw new Refusal(`The language could not be chosen (${status}).`);
  return page;
}

async function englishCourse(): Promise<Buffer> {
  const folder = join(import.meta.dirname, 'pictures/course');
  const files: Record<string, Uint8Array> = {
    'courtyard.png': await courtyard({ arches: 6, lit: 2, sky: '#cfe6da' }),
  };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path)] = readFileSync(path);
  }
  return Buffer.from(zipSync(files));
}

/** Imports the English course as a trainer does, publishes it and enrols the learner. */
async function importCourse(page: Page, site: string): Promise<void> {
  await page.goto(`${site}/studio/imports`);
  const buffer = await englishCourse();
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: 'welcoming.zip', mimeType: 'application/zip', buffer });
  await page.getByRole('button', { name: 'Import' }).last().click();
  await page.waitForURL(/\/studio\/imports\/[0-9a-f-]{36}/);
  await page.getByRole('link', { name: 'Open the result' }).click();
  await page.waitForURL(/\/studio\/courses\//);
  const course = page.url();
  await page.locator('#publish button[type="submit"]').click();
  await page.getByText('Published', { exact: true }).waitFor();
  await page.goto(`${course}/learners`);
  await page.locator('#enrol textarea[name="emails"]').fill(LEARNER);
  await page.locator('#enrol button[type="submit"]').first().click();
  await page
    .getByRole('link', { name: /Inès Caron/ })
    .or(page.getByText('Inès Caron'))
    .first()
    .waitFor();
}

/** The page in both themes, once its letters and pictures are there. */
async function take(page: Page, name: string, language: Language): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
    // Text, as nothing else here is compiled for a browser.
    await page.evaluate(`(async () => {
      await document.fonts.ready;
      await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
    })()`);
    const file = join(root, 'apps/hub/static/product', `${name}-${language}-${theme}.webp`);
    const { size } = await sharp(await page.screenshot())
      .webp({ quality: QUALITY, effort: 6 })
      .toFile(file);
    console.log(`✓ ${relative(root, file)} (${Math.round(size / 1000)} kB)`);
  }
}

async function pictures(hub: string): Promise<void> {
  const { protocol, host } = new URL(hub);
  const site = `${protocol}//demo.${host}`;
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--hide-scrollbars'],
  });
  try {
    for (const language of ['fr', 'en'] as const) {
      const { title, lesson } = COURSES[language];
      const trainer = await signedIn(browser, site, TRAINER, language);
      await trainer.goto(`${site}/studio`);
      if (language === 'en' && (await trainer.getByRole('link', { name: title }).count()) === 0)
        await importCourse(trainer, site);
      await trainer.goto(`${site}/studio`);
      await trainer.getByRole('link', { name: title }).first().click();
      await trainer.waitForURL(/\/studio\/courses\/[0-9a-f-]{36}/);
      await trainer.getByText(lesson).first().waitFor();
      await take(trainer, 'studio', language);

      const learner = await signedIn(browser, site, LEARNER, language);
      await learner.goto(site);
      await learner.getByRole('link', { name: title }).first().click();
      await learner.locator('aside a[href*="/activities/"]').first().click();
      await learner.waitForURL(/\/activities\//);
      await learner.locator('#lesson').waitFor();
      await learner.locator('#lesson img').first().waitFor();
      await take(learner, 'lesson', language);
    }
  } finally {
    await browser.close();
  }
}

const [, , hub] = process.argv;
await (hub
  ? pictures(hub)
  : Promise.reject(new Refusal('Which platform? node tools/pictures.ts http://localhost:8080'))
).catch(fail);
