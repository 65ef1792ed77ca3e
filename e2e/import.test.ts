/** The real course of Software Carpentry: imported, published, and finished by a learner with its images shown. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { zipSync } from 'fflate';
import type { Page } from 'playwright-core';
import { finishCourse } from './learner.ts';
import { enrol, publish, signIn } from './trainer.ts';
import { demoPassword, journey, shared, useWorld, visitor } from './world.ts';

const world = useWorld();
const course = join(shared, 'course-shell-novice');
const IMPORT_TIMEOUT_MS = 120_000;

function zipped(): { name: string; mimeType: string; buffer: Buffer } {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(course, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(course, path)] = readFileSync(path);
  }
  return { name: 'shell-novice.zip', mimeType: 'application/zip', buffer: Buffer.from(zipSync(files)) };
}

/** How many pictures the course shows. */
function pictures(): number {
  return readdirSync(course, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .reduce(
      (sum, name) => sum + (readFileSync(join(course, name), 'utf8').match(/!\[[^\]]*\]\(/g)?.length ?? 0),
      0,
    );
}

test('a real course is imported, published and finished, its images shown', {
  skip: existsSync(course) ? false : 'shared/content is absent',
}, async () => {
  const site = world().site('demo');
  const trainer = await visitor(world());
  const learner = await visitor(world());
  await journey('import', [trainer.context, learner.context], async () => {
    const { page } = trainer;
    await signIn(page, site, 'formateur@demo.test', demoPassword);
    await page.goto(`${site}/studio/imports`);
    await page.locator('input[type="file"]').setInputFiles(zipped());
    await page.getByRole('button', { name: 'Importer' }).click();
    await page.waitForURL(/\/studio\/imports\/[0-9a-f-]{36}/);
    await page.getByRole('link', { name: 'Ouvrir le résultat' }).click({ timeout: IMPORT_TIMEOUT_MS });
    await page.waitForURL(/\/studio\/courses\//);
    const address = page.url();
    await publish(page, address);
    const link = await page.getByRole('link', { name: 'Voir la page' }).first().getAttribute('href');
    const slug = link?.split('/').at(-1) ?? '';
    await enrol(page, site, address.split('/').at(-1) ?? '', 'apprenant@demo.test');

    let images = 0;
    async function look(page: Page): Promise<void> {
      for (const image of await page.locator('#lesson img').all()) {
        await image.scrollIntoViewIfNeeded();
        const width = await image.evaluate(async (element: HTMLImageElement) => {
          await element.decode().catch(() => undefined);
          return element.naturalWidth;
        });
        assert.ok(width > 0, `${await image.getAttribute('src')} is not shown on ${page.url()}`);
        images += 1;
      }
    }
    await signIn(learner.page, site, 'apprenant@demo.test', demoPassword);
    await finishCourse(learner.page, site, slug, async () => assert.fail('the course has no quiz'), look);
    await learner.page.goto(`${site}/courses/${slug}`);
    await learner.page.getByText('100').first().waitFor();
    assert.equal(images, pictures(), 'every picture of the source is shown');
  });
});
