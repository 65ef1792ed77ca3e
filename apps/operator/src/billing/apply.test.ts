import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { BillingError, type SubscriptionSnapshot } from '@preau/billing';
import { createClient } from '@preau/contract';
import { createSigner, generateKey, publicKeyOf } from '@preau/identity';
import { openLog } from '../log.ts';
import { Ledger } from '../testing/ledger.ts';
import { openBillingWorker } from './apply.ts';
import type { Provider } from './providers.ts';

const key = await generateKey('operator', 'operator-1');
let ledger: Ledger;
before(async () => {
  ledger = await new Ledger(publicKeyOf(key)).open();
});
after(() => ledger.close());

const states = ['pending', 'active', 'past_due', 'active', 'cancelled'] as const;

/** A provider whose subscriptions change while they are being asked for, and which answers unevenly fast. */
class Till implements Provider {
  readonly capabilities = {
    provider: 'sandbox' as const,
    merchantOfRecord: false,
    checkout: 'redirect' as const,
    portal: false,
    livemode: false,
  };
  readonly now = new Map<string, number>();
  failing = false;

  async getSubscription(ref: string): Promise<SubscriptionSnapshot> {
    if (this.failing) throw new BillingError({ kind: 'transient' }, 'away');
    const at = this.now.get(ref);
    if (at === undefined) throw new BillingError({ kind: 'not-found' }, 'unknown');
    await sleep(Math.random() * 8);
    return {
      ref,
      customerRef: 'cus_1',
      checkoutRef: null,
      state: states[at] ?? 'cancelled',
      rawState: String(at),
      currency: 'EUR',
      currentPeriodStart: null,
      currentPeriodEnd: null,
      pastDueSince: null,
      cancelAt: null,
      items: [],
      invoices: [],
      dispute: 'none',
      references: { orderId: null, organisationId: null },
    };
  }
  async listEventsSince() {
    return { items: [], cursor: null };
  }
  async cancel(ref: string) {
    this.now.set(ref, states.length - 1);
    return this.getSubscription(ref);
  }
}

function workerOn(till: Till) {
  const signer = createSigner(key);
  const backend = createClient({ baseUrl: ledger.url, token: () => signer.token() });
  return openBillingWorker(backend, [till], openLog('silent'));
}

function announce(ref: string | null, type = 'subscription.updated') {
  const id = randomUUID();
  ledger.inbox.set(id, {
    id,
    provider: 'sandbox',
    livemode: false,
    eventId: id,
    type,
    subscriptionRef: ref,
    state: 'pending',
    attempts: 0,
    error: null,
    receivedAt: new Date().toISOString(),
  });
  return id;
}

test('40 subscriptions, events tripled and shuffled, three operators: all end as the provider has them', async () => {
  const till = new Till();
  const refs = Array.from({ length: 40 }, (_, n) => `sub_${n}`);
  for (const ref of refs) till.now.set(ref, 0);
  const changes = refs.flatMap((ref) => states.slice(1).map((_, n) => ({ ref, to: n + 1 })));
  changes.sort((a, b) => a.to - b.to);
  const workers = [workerOn(till), workerOn(till), workerOn(till)];
  let changing = true;
  const drains = workers.map(async (worker) => {
    while (changing) {
      await worker.drain();
      await sleep(1);
    }
    await worker.drain();
  });
  for (const { ref, to } of changes) {
    till.now.set(ref, to);
    const others = refs[Math.floor(Math.random() * refs.length)] ?? ref;
    for (const about of [ref, others, ref]) announce(about);
    await sleep(1);
  }
  changing = false;
  await Promise.all(drains);
  for (const ref of refs) assert.equal(ledger.subscriptions.get(ref)?.snapshot?.rawState, '4', ref);
  assert.ok([...ledger.inbox.values()].every(({ state }) => state === 'done'));
});

test('an event about nothing we know is ignored; one while the provider is away is tried until dead, then replayed', async () => {
  ledger.inbox.clear();
  const till = new Till();
  const worker = workerOn(till);
  const stranger = announce('sub_stranger');
  const silent = announce(null, 'ping');
  await worker.drain();
  assert.equal(ledger.inbox.get(stranger)?.state, 'ignored');
  assert.equal(ledger.inbox.get(silent)?.state, 'ignored');

  till.now.set('sub_late', 1);
  till.failing = true;
  const entry = announce('sub_late');
  for (let n = 0; n < 12; n++) await worker.drain();
  assert.equal(ledger.inbox.get(entry)?.state, 'dead');
  assert.match(ledger.inbox.get(entry)?.error ?? '', /away/);
  till.failing = false;
  Object.assign(ledger.inbox.get(entry) ?? {}, { state: 'pending', attempts: 0 });
  await worker.drain();
  assert.equal(ledger.inbox.get(entry)?.state, 'done');
  assert.equal(ledger.subscriptions.get('sub_late')?.snapshot?.state, 'active');
});

test('a subscription that is over and whose customer was removed is ignored; one that runs is not', async () => {
  ledger.inbox.clear();
  const till = new Till();
  const worker = workerOn(till);
  ledger.refused.set('applySubscription', {
    status: 404,
    body: {
      type: 'urn:preau:problem:not-found',
      name: 'not-found',
      title: 'not-found',
      status: 404,
      detail: 'not-found',
      reference: 'test',
    },
  });
  try {
    till.now.set('sub_removed', 1);
    const running = announce('sub_removed');
    await worker.drain();
    assert.equal(ledger.inbox.get(running)?.state, 'pending');
    till.now.set('sub_removed', 4);
    const over = announce('sub_removed');
    await worker.drain();
    assert.equal(ledger.inbox.get(over)?.state, 'ignored');
  } finally {
    ledger.refused.clear();
  }
});
