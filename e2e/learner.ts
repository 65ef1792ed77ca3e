/** What a learner does: goes through a course to its certificate. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const MAX_STEPS = 200;

/**
 * Goes on from activity to activity by the one next action until the course is done.
 * @param answer fills the quiz that is shown
 * @param onLesson looks at each lesson before it is left
 */
export async function finishCourse(
  page: Page,
  site: string,
  slug: string,
  answer: (page: Page) => Promise<void>,
  onLesson: (page: Page) => Promise<void> = async () => {},
): Promise<void> {
  await page.goto(`${site}/courses/${slug}`);
  await page.locator('aside a[href*="/activities/"]').first().click();
  await page.waitForURL(/\/activities\//);
  for (let step = 0; step < MAX_STEPS; step += 1) {
    await page.waitForURL(/\/(activities|certificates|courses)\//);
    await page.locator('h1').first().waitFor();
    if (!page.url().includes('/activities/')) return;
    const before = page.url();
    const start = page.locator('main form button[type="submit"]:not(#next)', {
      hasText: /quiz|Commencer|Reprendre/i,
    });
    if ((await page.locator('#lesson').count()) > 0) {
      await onLesson(page);
    } else if ((await page.locator('[data-question]').count()) > 0) {
      await answer(page);
      await page.locator('main form button[type="submit"]').last().click();
      await page.locator('#result').waitFor();
    } else if (
      (await start.count()) > 0 &&
      (await page.locator('a#next[href*="/activities/"], a#next[href*="/certificates/"]').count()) === 0
    ) {
      await start.first().click();
      await page.locator('[data-question]').first().waitFor();
      continue;
    }
    await page.locator('#next').last().click();
    await page.waitForURL((url) => url.href !== before);
  }
  assert.fail(`the course is not finished after ${MAX_STEPS} steps`);
}

/** Downloads the certificate and reads its bytes. */
export async function downloadCertificate(page: Page): Promise<Buffer> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('a[href$="/pdf"], a[href*="/pdf?"]').first().click(),
  ]);
  return readFileSync(await download.path());
}
