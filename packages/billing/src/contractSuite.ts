/** One suite for every adapter: what the rest of the house relies on, whichever provider is behind. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Billing, CheckoutInput, CheckoutLine } from './index.ts';
import { BillingError, subscriptionSnapshot, WebhookRejected } from './index.ts';

/** A provider that can be driven like a customer and through time. */
export interface Harness {
  billing: Billing;
  /** A second adapter with a wrong key. */
  misconfigured: Billing;
  /** An adapter whose provider cannot be reached. */
  unreachable: Billing;
  /** What a customer does on the hosted page. */
  pay(checkoutRef: string, how: 'succeeds' | 'declined' | 'challenge' | 'fails-at-renewal'): Promise<void>;
  advanceDays(days: number): Promise<void>;
  /** Every webhook body and header received so far. */
  received(): { raw: Buffer; headers: Record<string, string> }[];
  close(): Promise<void>;
}

const HOUR = 3_600_000;

export function billingContract(name: string, start: () => Promise<Harness>): void {
  describe(`${name} keeps the billing contract`, () => {
    let harness: Harness;
    let billing: Billing;
    before(async () => {
      harness = await start();
      billing = harness.billing;
    });
    after(() => harness.close());

    const plan = (unitAmountMinor: number, priceRef = 'price_plan'): CheckoutLine => ({
      kind: 'plan',
      priceRef,
      label: { fr: 'Essentiel', en: 'Essential' },
      quantity: 1,
      unitAmountMinor,
    });

    async function checkoutInput(change: Partial<CheckoutInput> = {}): Promise<CheckoutInput> {
      const organisationId = randomUUID();
      const customer = await billing.ensureCustomer({
        organisationId,
        existingRef: null,
        email: 'claire@atelier.test',
        organisationName: 'Atelier',
        country: 'FR',
        siren: null,
        vatNumber: null,
        locale: 'fr',
      });
      return {
        orderId: randomUUID(),
        organisationId,
        customerRef: customer.ref,
        currency: 'EUR',
        interval: 'month',
        lines: [plan(4_900), { ...plan(990, 'price_option'), kind: 'addOn', quantity: 2 }],
        locale: 'fr',
        successUrl: 'http://localhost:8080/merci',
        cancelUrl: 'http://localhost:8080/panier',
        expiresAt: new Date(Date.now() + 50 * 365 * 24 * HOUR).toISOString(),
        idempotencyKey: randomUUID(),
        ...change,
      };
    }

    async function subscribe(
      how: 'succeeds' | 'challenge' | 'fails-at-renewal' = 'succeeds',
      lines = [plan(4_900)],
    ) {
      const checkout = await billing.createCheckout(await checkoutInput({ lines }));
      await harness.pay(checkout.ref, how);
      const { subscriptionRef } = await billing.getCheckout(checkout.ref);
      assert.ok(subscriptionRef);
      return billing.getSubscription(subscriptionRef);
    }

    async function fault(work: Promise<unknown>): Promise<BillingError['fault']> {
      try {
        await work;
      } catch (error) {
        assert.ok(error instanceof BillingError, String(error));
        return error.fault;
      }
      throw new Error('expected a BillingError');
    }

    it('knows one customer for an organisation, however often it is asked', async () => {
      const input = {
        organisationId: randomUUID(),
        existingRef: null,
        email: 'a@b.test',
        organisationName: 'A',
        country: 'FR',
        siren: null,
        vatNumber: null,
        locale: 'fr' as const,
      };
      const refs = await Promise.all([1, 2, 3].map(() => billing.ensureCustomer(input)));
      assert.equal(new Set(refs.map(({ ref }) => ref)).size, 1);
      const renamed = await billing.ensureCustomer({
        ...input,
        existingRef: refs[0]?.ref ?? '',
        organisationName: 'B',
      });
      assert.equal(renamed.ref, refs[0]?.ref);
    });

    it('answers the same checkout to the same key', async () => {
      const input = await checkoutInput();
      const until = Date.parse(input.expiresAt);
      const all = await Promise.all(
        [1, 2, 3].map((later) =>
          billing.createCheckout({ ...input, expiresAt: new Date(until + later * 1_000).toISOString() }),
        ),
      );
      assert.equal(new Set(all.map(({ ref }) => ref)).size, 1);
      assert.equal(all[0]?.state, 'open');
      const another = billing.createCheckout({ ...input, lines: [plan(1)] });
      assert.equal((await fault(another)).kind, 'invalid-request');
      assert.equal(all[0]?.subscriptionRef, null);
      assert.match(all[0]?.url ?? '', /^https?:/);
    });

    it('has a subscription only once it is paid, with its lines, its invoice and French VAT', async () => {
      const input = await checkoutInput();
      const checkout = await billing.createCheckout(input);
      await harness.pay(checkout.ref, 'declined');
      assert.equal((await billing.getCheckout(checkout.ref)).subscriptionRef, null);
      await harness.pay(checkout.ref, 'succeeds');
      const paid = await billing.getCheckout(checkout.ref);
      assert.equal(paid.state, 'complete');
      assert.ok(paid.subscriptionRef);
      const snapshot = subscriptionSnapshot.parse(await billing.getSubscription(paid.subscriptionRef));
      assert.equal(snapshot.state, 'active');
      assert.equal(snapshot.checkoutRef, checkout.ref);
      assert.equal(snapshot.customerRef, input.customerRef);
      assert.deepEqual(snapshot.references, { orderId: input.orderId, organisationId: input.organisationId });
      assert.deepEqual(snapshot.items, [
        { priceRef: 'price_plan', quantity: 1 },
        { priceRef: 'price_option', quantity: 2 },
      ]);
      const [invoice, ...others] = snapshot.invoices;
      assert.equal(others.length, 0);
      assert.equal(invoice?.state, 'paid');
      assert.equal(invoice?.taxMinor, 1_376);
      assert.equal(invoice?.totalMinor, 8_256);
      assert.deepEqual(await billing.listInvoices(snapshot.ref), snapshot.invoices);
    });

    it('pays once when the customer presses twice', async () => {
      const checkout = await billing.createCheckout(await checkoutInput());
      await Promise.all([1, 2, 3, 4].map(() => harness.pay(checkout.ref, 'succeeds')));
      const { subscriptionRef } = await billing.getCheckout(checkout.ref);
      assert.equal((await billing.getSubscription(subscriptionRef ?? '')).invoices.length, 1);
    });

    it('completes after a 3-D Secure challenge', async () => {
      assert.equal((await subscribe('challenge')).state, 'active');
    });

    it('expires a checkout for good, and never a complete one', async () => {
      const checkout = await billing.createCheckout(await checkoutInput());
      assert.equal((await billing.expireCheckout(checkout.ref)).state, 'expired');
      assert.equal((await billing.expireCheckout(checkout.ref)).state, 'expired');
      await harness.pay(checkout.ref, 'succeeds');
      assert.equal((await billing.getCheckout(checkout.ref)).subscriptionRef, null);
      const { checkoutRef } = await subscribe();
      assert.equal((await billing.expireCheckout(checkoutRef ?? '')).state, 'complete');
    });

    it('schedules a cancellation, takes it back, and cancels at once', async () => {
      const { ref, currentPeriodEnd } = await subscribe();
      const scheduled = await billing.cancel(ref, 'period-end');
      assert.equal(scheduled.state, 'active');
      assert.equal(scheduled.cancelAt, currentPeriodEnd);
      assert.equal((await billing.uncancel(ref)).cancelAt, null);
      assert.equal((await billing.cancel(ref, 'now')).state, 'cancelled');
      assert.equal((await billing.cancel(ref, 'now')).state, 'cancelled');
      assert.deepEqual(await fault(billing.uncancel(ref)), { kind: 'invalid-request', code: 'canceled' });
    });

    it('applies a change at the amount that was shown, and no other', async () => {
      const { ref } = await subscribe();
      const change = { interval: 'month' as const, lines: [plan(9_900, 'price_pro')] };
      const preview = await billing.previewChange(ref, change);
      assert.ok(preview.dueNow.minor > 5_900 && preview.dueNow.minor <= 6_000, String(preview.dueNow.minor));
      assert.equal(preview.next.minor, 11_880);
      const stale = await billing.previewChange(ref, change);
      const changed = await billing.applyChange(ref, preview.token);
      assert.deepEqual(changed.items, [{ priceRef: 'price_pro', quantity: 1 }]);
      assert.equal(changed.invoices[0]?.totalMinor, preview.dueNow.minor);
      assert.deepEqual(
        await billing.applyChange(ref, preview.token),
        changed,
        'a repeated call pays nothing more',
      );
      assert.deepEqual(await fault(billing.applyChange(ref, stale.token)), {
        kind: 'invalid-request',
        code: 'stale-preview',
      });
    });

    it('leaves the plan as it was when the card is declined for an upgrade', async () => {
      const { ref, items } = await subscribe('fails-at-renewal');
      const preview = await billing.previewChange(ref, { interval: 'month', lines: [plan(9_900)] });
      assert.deepEqual(await fault(billing.applyChange(ref, preview.token)), {
        kind: 'declined',
        code: 'card_declined',
      });
      assert.deepEqual((await billing.getSubscription(ref)).items, items);
    });

    it('refunds in parts, never more than was paid; a full refund makes it unpaid', async () => {
      const { ref, invoices } = await subscribe();
      const invoiceRef = invoices[0]?.ref ?? '';
      const idempotencyKey = randomUUID();
      const part = await billing.refund({ invoiceRef, amountMinor: 1_000, idempotencyKey });
      assert.deepEqual(await billing.refund({ invoiceRef, amountMinor: 1_000, idempotencyKey }), part);
      assert.equal((await billing.getSubscription(ref)).state, 'active');
      const tooMuch = billing.refund({ invoiceRef, amountMinor: 5_000, idempotencyKey: randomUUID() });
      assert.equal((await fault(tooMuch)).kind, 'invalid-request');
      const rest = await billing.refund({ invoiceRef, idempotencyKey: randomUUID() });
      assert.equal(rest.amount.minor, 4_880);
      const after = await billing.getSubscription(ref);
      assert.equal(after.invoices[0]?.state, 'refunded');
      assert.equal(after.state, 'unpaid');
    });

    it('types its errors', async () => {
      assert.deepEqual(await fault(billing.getSubscription('sub_nobody')), { kind: 'not-found' });
      assert.deepEqual(await fault(billing.getCheckout('../customers/x')), { kind: 'not-found' });
      assert.deepEqual(await fault(harness.misconfigured.getSubscription('sub_x')), { kind: 'auth-config' });
      assert.deepEqual(await fault(harness.unreachable.getSubscription('sub_x')), { kind: 'transient' });
    });

    it('opens a portal for a customer', async () => {
      const { customerRef } = await subscribe();
      const { url, expiresAt } = await billing.portalSession({
        customerRef,
        returnUrl: 'http://localhost:8080/compte',
        locale: 'fr',
      });
      assert.match(url, /^https?:/);
      assert.ok(Date.parse(expiresAt) > Date.now());
    });

    it('signs webhooks that only lead back to the provider', async () => {
      const { ref } = await subscribe();
      const mine = await until(() =>
        harness.received().filter(({ raw }) => raw.toString('utf8').includes(ref)),
      );
      for (const { raw, headers } of mine) {
        const event = billing.verifyWebhook(raw, headers);
        assert.equal(event.subscriptionRef, ref);
        const forged = Buffer.from(raw.toString('utf8').replace(ref, `${ref}x`));
        assert.throws(() => billing.verifyWebhook(forged, headers), WebhookRejected);
        const reserialised = Buffer.from(JSON.stringify(JSON.parse(raw.toString('utf8')), null, 1));
        assert.throws(() => billing.verifyWebhook(reserialised, headers), WebhookRejected);
        assert.throws(() => billing.verifyWebhook(raw, {}), WebhookRejected);
      }
    });

    it('lists events from a cursor without gap or repetition, and every subscription', async () => {
      const { ref } = await subscribe();
      const seen: string[] = [];
      const subjects = new Set<string | null>();
      let cursor: string | null = null;
      for (;;) {
        const page: Awaited<ReturnType<Billing['listEventsSince']>> = await billing.listEventsSince(cursor);
        if (page.items.length === 0) break;
        for (const event of page.items) {
          seen.push(event.eventId);
          subjects.add(event.subscriptionRef);
        }
        cursor = page.cursor;
      }
      assert.ok(seen.length > 0);
      assert.equal(new Set(seen).size, seen.length);
      assert.ok(subjects.has(ref));
      const refs: string[] = [];
      cursor = null;
      do {
        const page: Awaited<ReturnType<Billing['listSubscriptions']>> =
          await billing.listSubscriptions(cursor);
        refs.push(...page.items.map((snapshot) => snapshot.ref));
        cursor = page.cursor;
      } while (cursor !== null);
      assert.ok(refs.includes(ref));
      assert.equal(new Set(refs).size, refs.length);
    });

    // Last: these move the provider's clock.
    it('renews, and goes through dunning to unpaid while the period goes on', async () => {
      const good = await subscribe();
      const bad = await subscribe('fails-at-renewal');
      await harness.advanceDays(32);
      const renewed = await billing.getSubscription(good.ref);
      assert.equal(renewed.state, 'active');
      assert.equal(renewed.invoices.length, 2);
      assert.equal(renewed.currentPeriodStart, good.currentPeriodEnd);
      const late = await billing.getSubscription(bad.ref);
      assert.equal(late.state, 'past_due');
      assert.equal(late.pastDueSince, bad.currentPeriodEnd);
      await harness.advanceDays(15);
      assert.equal((await billing.getSubscription(bad.ref)).state, 'unpaid');
      assert.equal((await billing.getSubscription(bad.ref)).pastDueSince, bad.currentPeriodEnd);
    });

    it('ends a cancelled subscription at the end of its period', async () => {
      const { ref } = await subscribe();
      await billing.cancel(ref, 'period-end');
      await harness.advanceDays(32);
      const ended = await billing.getSubscription(ref);
      assert.equal(ended.state, 'cancelled');
      assert.equal(ended.invoices.length, 1);
    });
  });
}

async function until<T>(find: () => T[]): Promise<T[]> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = find();
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('nothing arrived within five seconds');
}
