/** A payment that is declined, tried again and accepted; and one that asks for 3-D Secure. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Customer, openPlatform, order, pay, signUp, watchUntilLive } from './customer.ts';
import { journey, useWorld, visitor } from './world.ts';

const world = useWorld();
const run = Date.now().toString(36);

const company = (name: string): Customer => ({
  name: `Sacha ${name}`,
  email: `${name.toLowerCase()}-${run}@entreprise.test`,
  organisation: `${name} Conseil`,
  slug: `${name.toLowerCase()}-${run}`,
  colour: '#8a4b08',
});

test('a declined card provisions nothing; the next one does', async () => {
  const customer = company('Dordogne');
  const { context, page } = await visitor(world());
  await journey('declined', [context], async () => {
    await signUp(page, world(), customer);
    await order(page, world(), customer);
    const checkout = page.url();
    await pay(page, '4000000000000002');
    await page.locator('#alert').waitFor();
    const none = await page.context().newPage();
    const answer = await none.goto(world().site(customer.slug));
    assert.equal(answer?.status(), 404);
    await none.close();
    assert.equal(new URL(page.url()).pathname.split('/')[2], new URL(checkout).pathname.split('/')[2]);
    await pay(page, '4242424242424242');
    await watchUntilLive(page);
    await openPlatform(page, world(), customer);
  });
});

test('a card that asks for 3-D Secure provisions once the customer has confirmed', async () => {
  const customer = company('Charente');
  const { context, page } = await visitor(world());
  await journey('challenge', [context], async () => {
    await signUp(page, world(), customer);
    await order(page, world(), customer);
    await pay(page, '4000002760003184');
    await page.locator('form[action*="/challenge"] button').first().click();
    await watchUntilLive(page);
  });
});

test('the success page alone provisions nothing', async () => {
  const customer = company('Vienne');
  const { context, page } = await visitor(world());
  await journey('success-alone', [context], async () => {
    await signUp(page, world(), customer);
    await order(page, world(), customer);
    await page.goto(`${world().hub}/account`);
    const orders = await page.context().newPage();
    const answer = await orders.goto(world().site(customer.slug));
    assert.equal(answer?.status(), 404);
  });
});
