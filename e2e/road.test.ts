/** The whole road, for two companies side by side: from the home page to a downloaded certificate. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { becomeCustomer, type Customer, mailedLink, openPlatform } from './customer.ts';
import { downloadCertificate, finishCourse } from './learner.ts';
import { putToSleep } from './sleep.ts';
import { acceptInvitation, enrol, writeCourse } from './trainer.ts';
import { journey, learnerPassword, useWorld, visitor } from './world.ts';

const world = useWorld();
const run = Date.now().toString(36);

const company = (name: string, colour: string): Customer => ({
  name: `Dominique ${name}`,
  email: `direction-${name.toLowerCase()}-${run}@entreprise.test`,
  organisation: `${name} Formation`,
  slug: `${name.toLowerCase()}-${run}`,
  colour,
});

async function answerParis(page: Page): Promise<void> {
  await page.getByText('Paris', { exact: true }).click();
}

test('two companies, each from the home page to a certificate; neither sees the other', async () => {
  const [garonne, loire] = [company('Garonne', '#7a2e8e'), company('Loire', '#0b5cad')];
  const owners = [await visitor(world()), await visitor(world())];
  const [first, second] = owners;
  const student = await visitor(world());
  if (!first || !second) throw new Error('unreachable');
  const contexts = [...owners, student].map(({ context }) => context);
  await journey('road', contexts, async () => {
    await Promise.all([
      becomeCustomer(first.page, world(), garonne),
      becomeCustomer(second.page, world(), loire),
    ]);
    const [siteA, siteB] = [world().site(garonne.slug), world().site(loire.slug)];
    await openPlatform(first.page, world(), garonne);
    await openPlatform(second.page, world(), loire);

    const courseId = await writeCourse(first.page, siteA, 'Géographie');
    const email = `apprenant-${run}@entreprise.test`;
    await enrol(first.page, siteA, courseId, email);
    const link = await mailedLink(student.page, world(), email, /invitation/);
    await acceptInvitation(student.page, link, 'Camille Martin', learnerPassword);

    await finishCourse(student.page, siteA, 'geographie', answerParis);
    await student.page.goto(siteA);
    await student.page.locator('a[href*="/certificates/"]').first().click();
    await student.page.waitForURL(/\/certificates\//);
    const code = student.page.url().split('/').at(-1) ?? '';
    const pdf = await downloadCertificate(student.page);
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');

    // Anybody may verify it on its own platform, and only there.
    const passer = await visitor(world());
    contexts.push(passer.context);
    await passer.page.goto(`${siteA}/verify/${code}`);
    await passer.page.getByText('Camille Martin').first().waitFor();
    const elsewhere = await passer.page.goto(`${siteB}/verify/${code}`);
    assert.equal(elsewhere?.status(), 404);
    assert.equal(await passer.page.getByText('Camille Martin').count(), 0);

    // The second company's administrator, with every right there, finds nothing of the first.
    for (const path of [
      '/studio',
      '/admin/people',
      '/catalogue',
      `/studio/courses/${courseId}`,
      '/courses/geographie',
    ]) {
      await second.page.goto(siteB + path);
      const text = await second.page.locator('body').innerText();
      assert.ok(!/Géographie|Camille|Garonne/.test(text), `${path} of the second company shows the first`);
    }
    // A learner comes back to a platform that sleeps, by a link to the middle of it, and is still who they were.
    if (world().platform.dataDir !== '') {
      await putToSleep(world(), garonne.slug);
      await first.page.goto(`${world().hub}/account`);
      await first.page.getByText('En veille').first().waitFor();
      await student.page.goto(`${siteA}/courses/geographie?from=mail#top`);
      await student.page.getByRole('heading', { name: 'Géographie' }).first().waitFor();
      assert.match(student.page.url(), /\/courses\/geographie\?from=mail#top$/);
      assert.equal(await student.page.locator('a[href*="/sign-in"]').count(), 0, 'still signed in');
    }

    // A session of one platform is nobody on another.
    const session = (await student.context.cookies(siteA)).find(({ name }) => name === 'session');
    assert.ok(session, 'the learner has a session');
    await passer.context.addCookies([{ name: 'session', value: session.value, url: siteB }]);
    await passer.page.goto(`${siteB}/profile`);
    await passer.page.waitForURL(/sign-in/);
  });
});
