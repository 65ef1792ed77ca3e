/** The operator dies while it builds a platform; its successor finishes it, once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults } from './accessibility.ts';
import { type Customer, openPlatform, order, pay, signUp, watchUntilLive } from './customer.ts';
import { journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const run = Date.now().toString(36);

test('an operator killed in mid-provisioning costs seconds, not the platform', {
  skip: Boolean(process.env.E2E_RUNNING),
}, async () => {
  const customer: Customer = {
    name: 'Alix Adour',
    email: `adour-${run}@entreprise.test`,
    organisation: 'Adour Formation',
    slug: `adour-${run}`,
    colour: '#006a4e',
  };
  const { context, page } = await visitor(world());
  await journey('interruption', [context], async () => {
    await signUp(page, world(), customer);
    await order(page, world(), customer);
    await pay(page, '4242424242424242');
    await page.waitForURL(/\/orders\//);
    // As soon as a first step is done: the others are still to come.
    await page
      .locator('main li', { hasText: /terminé|fait/i })
      .first()
      .waitFor();
    world().platform.kill('operator');
    // Nobody goes on with the order now: the page of a running one stays long enough to be looked at.
    assert.deepEqual(await faults(page, 'fr'), []);
    await watchUntilLive(page);
    await openPlatform(page, world(), customer);
  });
});
