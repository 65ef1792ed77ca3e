import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { event } from '@preau/billing/sandbox/wire';
import type { Switches } from '../panel.ts';
import { setSwitches } from '../panel.ts';
import type { TestSandbox } from '../testing/sandbox.ts';
import { testSandbox } from '../testing/sandbox.ts';

const NOTHING: Switches = { duplicate: false, reorder: false, delay_seconds: 0, drop_percent: 0 };

describe('webhooks', () => {
  let sandbox: TestSandbox;
  before(async () => {
    sandbox = await testSandbox();
  });
  after(() => sandbox.close());
  afterEach(async () => {
    sandbox.answer.status = 200;
    await turn({});
  });

  const turn = (set: Partial<Switches>) =>
    sandbox.store.transact((tx) => setSwitches(tx, { ...NOTHING, ...set }));

  /** Makes events about a checkout of its own; answers the webhooks about it. */
  async function happen(count = 1): Promise<() => string[]> {
    const organisationId = randomUUID();
    const { ref } = await sandbox.billing.ensureCustomer({
      organisationId,
      existingRef: null,
      email: 'a@b.test',
      organisationName: 'A',
      country: 'FR',
      siren: null,
      vatNumber: null,
      locale: 'fr',
    });
    const refs: string[] = [];
    for (let i = 0; i < count; i++) {
      const checkout = await sandbox.billing.createCheckout({
        orderId: randomUUID(),
        organisationId,
        customerRef: ref,
        currency: 'EUR',
        interval: 'month',
        lines: [
          { kind: 'plan', priceRef: 'p', label: { fr: 'P', en: 'P' }, quantity: 1, unitAmountMinor: 1 },
        ],
        locale: 'fr',
        successUrl: 'http://localhost/a',
        cancelUrl: 'http://localhost/b',
        expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
        idempotencyKey: randomUUID(),
      });
      await sandbox.billing.expireCheckout(checkout.ref);
      refs.push(checkout.ref);
    }
    return () =>
      sandbox.received
        .map(({ raw }) => event.parse(JSON.parse(raw.toString('utf8'))).data.checkout ?? '')
        .filter((checkout) => refs.includes(checkout));
  }

  async function until(done: () => boolean, milliseconds = 6_000): Promise<void> {
    const limit = Date.now() + milliseconds;
    while (!done()) {
      assert.ok(Date.now() < limit, 'it did not happen in time');
      await sleep(25);
    }
  }

  it('go out at once, signed, and verify', async () => {
    const began = Date.now();
    const seen = await happen();
    await until(() => seen().length === 1);
    assert.ok(Date.now() - began < 1_000);
    const last = sandbox.received.at(-1);
    assert.ok(last);
    assert.equal(sandbox.billing.verifyWebhook(last.raw, last.headers).type, 'checkout.expired');
  });

  it('are sent again, later and later, until they are taken', async () => {
    sandbox.answer.status = 500;
    const seen = await happen();
    await until(() => seen().length === 2);
    sandbox.answer.status = 200;
    await until(() => seen().length === 3);
    await sleep(1_500);
    assert.equal(seen().length, 3, 'nothing follows a 200');
  });

  it('can be duplicated, delayed, reordered and lost; the list of events loses none', async () => {
    await turn({ duplicate: true });
    const tripled = await happen();
    await until(() => tripled().length === 3);

    await turn({ delay_seconds: 1 });
    const delayed = await happen();
    await sleep(600);
    assert.equal(delayed().length, 0);
    await until(() => delayed().length === 1);

    await turn({ drop_percent: 100 });
    const dropped = await happen();
    await sleep(500);
    assert.equal(dropped().length, 0);

    await turn({ reorder: true });
    const shuffled = await happen(12);
    await until(() => shuffled().length === 12, 12_000);
    const order = shuffled();
    assert.equal(new Set(order).size, 12);

    const all: string[] = [];
    let cursor: string | null = null;
    for (;;) {
      const page: Awaited<ReturnType<typeof sandbox.billing.listEventsSince>> =
        await sandbox.billing.listEventsSince(cursor);
      if (page.items.length === 0) break;
      all.push(...page.items.map(({ eventId }) => eventId));
      cursor = page.cursor;
    }
    assert.equal(all.length, 1 + 1 + 1 + 1 + 1 + 12);
    const arrived = sandbox.received.map(({ raw }) => event.parse(JSON.parse(raw.toString('utf8'))).id);
    const inOrder = all.filter((id) => arrived.includes(id));
    assert.notDeepEqual(
      [...new Set(arrived)].slice(-12),
      inOrder.slice(-12),
      'twelve arrived in another order',
    );
  });
});
