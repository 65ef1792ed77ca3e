/** The operator dies while it builds a platform; its successor finishes it, once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pg from 'pg';
import { faults } from './accessibility.ts';
import { type Customer, openPlatform, order, pay, signUp, watchUntilLive } from './customer.ts';
import { journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const run = Date.now().toString(36);
const STEP_MS = 60_000;

/** Resolves when a first step of the platform's creation is done. */
async function firstStepOf(slug: string): Promise<void> {
  const client = new pg.Client(world().platform.databaseUrl);
  await client.connect();
  try {
    for (const deadline = Date.now() + STEP_MS; Date.now() < deadline; ) {
      const { rowCount } = await client.query(
        `SELECT 1 FROM operation_steps s JOIN operations o ON o.id = s.operation_id
         JOIN instances i ON i.id = o.instance_id WHERE i.slug = $1 AND s.state = 'succeeded'`,
        [slug],
      );
      if (rowCount) return;
    }
    assert.fail(`no step of ${slug} was done`);
  } finally {
    await client.end();
  }
}

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
    // As soon as a first step is done: the others are still to come. A page would show it too late.
    await Promise.all([firstStepOf(customer.slug), pay(page, '4242424242424242')]);
    world().platform.kill('operator');
    await page.waitForURL(/\/orders\//);
    // Nobody goes on with the order now: the page of a running one stays long enough to be looked at.
    assert.deepEqual(await faults(page, 'fr'), []);
    await watchUntilLive(page);
    await openPlatform(page, world(), customer);
  });
});
