import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { Checkout, CheckoutInput } from '@preau/billing';
import type { TestSandbox } from '../testing/sandbox.ts';
import { API_KEY, testSandbox } from '../testing/sandbox.ts';

const DAY = 86_400_000;
const BACK = 'http://localhost:8080/commande';

describe('the hosted pages', () => {
  let sandbox: TestSandbox;
  before(async () => {
    sandbox = await testSandbox();
  });
  after(() => sandbox.close());

  async function checkout(
    change: Partial<CheckoutInput> = {},
    buyer: { country: string; vatNumber: string | null } = { country: 'FR', vatNumber: null },
  ): Promise<Checkout> {
    const organisationId = randomUUID();
    const { ref } = await sandbox.billing.ensureCustomer({
      organisationId,
      existingRef: null,
      email: 'claire@atelier.test',
      organisationName: 'Atelier <b>',
      siren: null,
      locale: 'fr',
      ...buyer,
    });
    return sandbox.billing.createCheckout({
      orderId: randomUUID(),
      organisationId,
      customerRef: ref,
      currency: 'EUR',
      interval: 'month',
      lines: [
        {
          kind: 'plan',
          priceRef: 'price_1',
          label: { fr: 'Essentiel', en: 'Essential' },
          quantity: 1,
          unitAmountMinor: 4_900,
        },
      ],
      locale: 'fr',
      successUrl: `${BACK}/merci`,
      cancelUrl: BACK,
      expiresAt: new Date(Date.now() + 30 * 60_000).toISOString(),
      idempotencyKey: randomUUID(),
      ...change,
    });
  }
  const text = async (path: string) => (await fetch(sandbox.url + path)).text();
  const subscriptionOf = async (ref: string) =>
    sandbox.billing.getSubscription((await sandbox.billing.getCheckout(ref)).subscriptionRef ?? '');

  it('shows the order, escaped, in both languages, under a strict policy', async () => {
    const { ref } = await checkout();
    const response = await fetch(`${sandbox.url}/checkout/${ref}`);
    const policy = response.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'.*form-action 'self' http:\/\/localhost:8080/);
    const french = await response.text();
    assert.ok(french.includes('Bac à sable\u00a0: aucun argent ne bouge.'));
    assert.ok(french.includes('Atelier &lt;b&gt;'));
    assert.ok(!french.includes('<script'));
    assert.match(french, /Payer 58,80/);
    assert.match(await text(`/checkout/${ref}?lang=en`), /Pay €58.80/);
  });

  it('leads to the success page only once it is paid, and pays once for forty submissions', async () => {
    const { ref } = await checkout();
    const answers = await Promise.all(Array.from({ length: 40 }, () => sandbox.pay(ref, 'succeeds')));
    for (const answer of answers) assert.equal(answer.headers.get('location'), `${BACK}/merci`);
    assert.equal((await subscriptionOf(ref)).invoices.length, 1);
    const again = await fetch(`${sandbox.url}/checkout/${ref}`, { redirect: 'manual' });
    assert.equal(again.headers.get('location'), `${BACK}/merci`);
  });

  it('declines, says why, and lets another card succeed', async () => {
    const { ref } = await checkout();
    for (const [how, words] of [
      ['declined', 'La banque a refusé la carte'],
      ['insufficient-funds', 'provision'],
      ['expired-card', 'la carte a expiré'],
    ] as const) {
      const answer = await sandbox.pay(ref, how);
      assert.equal(answer.status, 402);
      const page = await answer.text();
      assert.ok(page.includes(words), words);
      assert.ok(!page.includes('value="123"'), 'the security code is not sent back');
    }
    assert.equal((await sandbox.pay(ref, 'succeeds')).status, 303);
  });

  it('asks the bank, and charges nothing where the customer refuses or the token is another’s', async () => {
    const { ref } = await checkout();
    const refuse = async (token: string, answer: string) =>
      (await sandbox.post(`/checkout/${ref}/challenge`, { token, answer })).headers.get('location');
    await sandbox.post(`/checkout/${ref}/pay`, await form(ref, '4000002760003184'));
    assert.match((await refuse('auth_forged', 'confirm')) ?? '', /declined=authentication_required/);
    const token = /name="token" value="(\w+)"/.exec(await text(`/checkout/${ref}/challenge`))?.[1] ?? '';
    assert.match((await refuse(token, 'refuse')) ?? '', /declined=authentication_failed/);
    assert.match((await refuse(token, 'confirm')) ?? '', /declined=authentication_required/);
    assert.equal((await sandbox.billing.getCheckout(ref)).state, 'open');
    assert.equal((await sandbox.pay(ref, 'challenge')).headers.get('location'), `${BACK}/merci`);
  });

  async function form(ref: string, number: string): Promise<Record<string, string>> {
    const shown = /name="shown" value="(\d+)"/.exec(await text(`/checkout/${ref}`))?.[1] ?? '';
    return {
      company: 'Atelier',
      country: 'FR',
      siren: '',
      vat: '',
      number,
      expiry: '12/39',
      cvc: '123',
      shown,
    };
  }

  it('never charges another amount than the one that was shown', async () => {
    const { ref } = await checkout({}, { country: 'DE', vatNumber: null });
    const paid = await sandbox.pay(ref, 'succeeds', { country: 'DE', vat: 'DE136695976' });
    assert.equal(paid.status, 409);
    assert.match(await paid.text(), /Le montant a changé\s: 49,00/);
    assert.equal((await sandbox.billing.getCheckout(ref)).state, 'open');
    const updated = await sandbox.post(`/checkout/${ref}/update`, {
      ...(await form(ref, '')),
      country: 'DE',
      vat: 'DE136695976',
    });
    assert.match(await updated.text(), /autoliquidation[\s\S]*name="shown" value="4900"/);
    const agreed = await sandbox.pay(ref, 'succeeds', { country: 'DE', vat: 'DE136695976', shown: '4900' });
    assert.equal(agreed.status, 303);
    const { invoices } = await subscriptionOf(ref);
    assert.deepEqual([invoices[0]?.totalMinor, invoices[0]?.taxMinor], [4_900, 0]);
    const page = await (await fetch(invoices[0]?.url ?? '')).text();
    assert.match(page, /Autoliquidation[\s\S]*2006\/112/);
    assert.ok(page.includes('DE136695976'));
  });

  it('names each field that is wrong, whatever is sent', async () => {
    const { ref } = await checkout();
    const answer = await sandbox.post(`/checkout/${ref}/pay`, {
      company: ' ',
      country: 'XX',
      siren: '1',
      vat: 'x',
      number: '4111111111111111',
      expiry: 'soon',
      cvc: 'abc',
      shown: '0',
    });
    assert.equal(answer.status, 422);
    const page = await answer.text();
    for (const name of ['company', 'siren', 'vat', 'number', 'expiry', 'cvc']) {
      assert.ok(
        page.includes(
          `aria-describedby="${name === 'siren' || name === 'vat' ? `${name}-hint ` : ''}${name}-fault"`,
        ),
        name,
      );
    }
    for (const hostile of [
      '\u0000\u202e',
      '"><script>alert(1)</script>',
      '💣'.repeat(5_000),
      'a'.repeat(100_000),
    ]) {
      const tried = await sandbox.post(`/checkout/${ref}/pay`, {
        ...(await form(ref, hostile)),
        company: hostile,
      });
      assert.equal(tried.status, 422);
      assert.ok(!(await tried.text()).includes('<script>alert'));
    }
    assert.equal((await sandbox.post(`/checkout/${ref}/pay`, { company: 'a'.repeat(300_000) })).status, 413);
    assert.equal((await sandbox.post(`/checkout/${ref}/pay`, {})).status, 422);
  });

  it('applies a coupon to what is due, and says when it does not know one', async () => {
    const { ref } = await checkout();
    const wrong = await sandbox.post(`/checkout/${ref}/coupon`, { coupon: 'NOPE' });
    assert.equal(wrong.status, 422);
    assert.match(await wrong.text(), /Le code «\sNOPE\s» n’existe pas/);
    assert.equal((await sandbox.post(`/checkout/${ref}/coupon`, { coupon: ' bienvenue20 ' })).status, 303);
    assert.match(await text(`/checkout/${ref}`), /Payer 47,04[\s\S]*|Puis 58,80/);
    await sandbox.pay(ref, 'succeeds');
    assert.equal((await subscriptionOf(ref)).invoices[0]?.totalMinor, 4_704);
  });

  it('lets one give up and come back, until it really expires', async () => {
    const { ref } = await checkout();
    const left = await sandbox.post(`/checkout/${ref}/abandon`, {});
    assert.equal(left.headers.get('location'), BACK);
    assert.equal((await sandbox.billing.getCheckout(ref)).state, 'open');
    await sandbox.clock.advance(31 * 60_000);
    assert.equal((await sandbox.billing.getCheckout(ref)).state, 'expired');
    const response = await fetch(`${sandbox.url}/checkout/${ref}`);
    assert.equal(response.status, 410);
    assert.match(await response.text(), /Ce paiement a expiré/);
    assert.equal((await sandbox.pay(ref, 'succeeds')).status, 410);
    assert.equal((await sandbox.billing.getCheckout(ref)).subscriptionRef, null);
  });

  it('gives half an hour to whoever asks for it, however far the clock is', async () => {
    await sandbox.clock.advance(40 * DAY);
    const { ref, expiresAt } = await checkout();
    const minutes = (Date.parse(expiresAt) - Date.now()) / 60_000;
    assert.ok(minutes > 29 && minutes <= 30, String(minutes));
    assert.equal((await sandbox.billing.getCheckout(ref)).expiresAt, expiresAt);
    assert.equal((await sandbox.pay(ref, 'succeeds')).status, 303);
  });

  it('pauses a trial that ends without a card, and starts again with one', async () => {
    const { ref, customerRef } = await checkout({ trialDays: 14 });
    const empty = { ...(await form(ref, '')), expiry: '', cvc: '' };
    assert.equal((await sandbox.post(`/checkout/${ref}/pay`, empty)).status, 303);
    assert.equal((await subscriptionOf(ref)).state, 'trialing');
    await sandbox.clock.advance(15 * DAY);
    assert.equal((await subscriptionOf(ref)).state, 'paused');
    const { url } = await sandbox.billing.portalSession({ customerRef, returnUrl: BACK, locale: 'fr' });
    const path = new URL(url).pathname;
    const refused = await sandbox.post(`${path}/card`, { number: '1', expiry: '', cvc: '' });
    assert.equal(refused.status, 422);
    await sandbox.post(`${path}/card`, { number: '4242424242424242', expiry: '12/39', cvc: '123' });
    const resumed = await subscriptionOf(ref);
    assert.equal(resumed.state, 'active');
    assert.equal(resumed.invoices[0]?.totalMinor, 5_880);
    assert.equal(
      resumed.currentPeriodStart?.slice(0, 10),
      (await sandbox.clock.now()).toISOString().slice(0, 10),
    );
  });

  it('recovers from a failed renewal by the portal, and keeps customers apart', async () => {
    const { ref, customerRef } = await checkout();
    await sandbox.pay(ref, 'fails-at-renewal');
    await sandbox.clock.advance(34 * DAY);
    const late = await subscriptionOf(ref);
    assert.equal(late.state, 'past_due');
    const { url } = await sandbox.billing.portalSession({ customerRef, returnUrl: BACK, locale: 'en' });
    const path = new URL(url).pathname;
    assert.match(await text(path), /Past due[\s\S]*Open/);
    const other = await checkout();
    await sandbox.pay(other.ref, 'succeeds');
    const foreign = (await sandbox.billing.getCheckout(other.ref)).subscriptionRef ?? '';
    assert.equal((await sandbox.post(`${path}/cancel`, { subscription: foreign })).status, 404);
    assert.equal((await subscriptionOf(other.ref)).cancelAt, null);
    await sandbox.post(`${path}/card`, { number: '4242424242424242', expiry: '12/39', cvc: '123' });
    const paid = await subscriptionOf(ref);
    assert.deepEqual([paid.state, paid.pastDueSince], ['active', null]);
    assert.ok(paid.invoices.every((invoice) => invoice.state === 'paid'));
    await sandbox.post(`${path}/cancel`, { subscription: paid.ref });
    assert.equal((await subscriptionOf(ref)).cancelAt, paid.currentPeriodEnd);
    await sandbox.post(`${path}/uncancel`, { subscription: paid.ref });
    assert.equal((await subscriptionOf(ref)).cancelAt, null);
    assert.equal((await fetch(`${sandbox.url}/portal/nobody`)).status, 410);
  });

  it('acts from the panel: disputes, refunds, the clock; not for another site’s form', async () => {
    const { ref } = await checkout();
    await sandbox.pay(ref, 'succeeds');
    const subscription = (await subscriptionOf(ref)).ref;
    const act = (name: string) => sandbox.post('/panel/act', { subscription, act: name });
    await act('open');
    assert.deepEqual(
      [(await subscriptionOf(ref)).dispute, (await subscriptionOf(ref)).state],
      ['open', 'active'],
    );
    await act('lost');
    assert.deepEqual(
      [(await subscriptionOf(ref)).dispute, (await subscriptionOf(ref)).state],
      ['lost', 'unpaid'],
    );
    assert.match((await act('won')).headers.get('location') ?? '', /refusedAction/);
    await act('refund');
    assert.equal((await subscriptionOf(ref)).invoices[0]?.state, 'refunded');
    assert.match((await act('refund')).headers.get('location') ?? '', /refusedAction/);
    const before = (await sandbox.clock.now()).getTime();
    await sandbox.post('/panel/advance', { seconds: '86400' });
    assert.ok((await sandbox.clock.now()).getTime() - before >= DAY);
    for (const seconds of ['-1', '1e9', 'NaN', '0', '']) {
      assert.match(
        (await sandbox.post('/panel/advance', { seconds })).headers.get('location') ?? '',
        /refused/,
      );
    }
    const forged = await fetch(`${sandbox.url}/panel/act`, {
      method: 'POST',
      headers: { Origin: 'http://evil.example' },
      body: new URLSearchParams({ subscription, act: 'cancel' }),
    });
    assert.equal(forged.status, 403);
    for (const path of [
      '/nope',
      '/checkout/nobody',
      '/invoices/nobody',
      '/panel/nope',
      '/checkout/%E0%A4%A',
    ]) {
      assert.equal((await fetch(sandbox.url + path)).status, 404, path);
    }
  });
});

describe('the panel behind the key', () => {
  it('shows and does nothing without it', async () => {
    const sandbox = await testSandbox('key');
    try {
      assert.equal((await fetch(sandbox.url)).status, 401);
      assert.equal((await sandbox.post('/panel/advance', { seconds: '86400' })).status, 401);
      assert.equal((await sandbox.post('/panel/enter', { key: 'wrong' })).status, 401);
      const entered = await sandbox.post('/panel/enter', { key: API_KEY });
      const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
      assert.ok(!cookie.includes(API_KEY));
      assert.equal((await fetch(sandbox.url, { headers: { Cookie: cookie } })).status, 200);
      assert.equal((await fetch(sandbox.url, { headers: { Cookie: `${cookie}x` } })).status, 401);
    } finally {
      await sandbox.close();
    }
  });
});
