import { formatMoney } from '@preau/billing';
import type { Checkout, Payment } from '../checkout/checkout.ts';
import { answerChallenge, find, pay, payableUntil, setCoupon } from '../checkout/checkout.ts';
import type { Store, Tx } from '../database/store.ts';
import { findCoupon } from '../invoice/amounts.ts';
import type { CheckoutForm, CheckoutView } from '../page/checkoutPage.ts';
import { challengePage, checkoutAmounts, checkoutPage, expiredPage } from '../page/checkoutPage.ts';
import type { Language, Word } from '../page/words.ts';
import { isWord, say } from '../page/words.ts';
import type { Card } from '../payer/card.ts';
import { readCard, testCards } from '../payer/card.ts';
import type { Customer } from '../payer/customer.ts';
import { findCustomer, updateCustomer } from '../payer/customer.ts';
import { countries, readSiren, readVatNumber, taxRuleFor } from '../payer/tax.ts';
import { notFound } from '../refusal.ts';
import type { Visit } from './visit.ts';
import { languageOf, leave, page, readForm, typed } from './visit.ts';

const EXAMPLE_EXPIRY_YEARS = 4;
const EXAMPLE_CVC = '123';

interface Buyer {
  name: string;
  country: string;
  siren: string | null;
  vatNumber: string | null;
}

/** The hosted checkout: /checkout/{id} and what its buttons do. */
export async function checkoutSite(store: Store, visit: Visit): Promise<void> {
  const [id = '', verb] = visit.path;
  const call = `${visit.request.method === 'HEAD' ? 'GET' : visit.request.method} ${verb ?? ''}`;
  switch (call) {
    case 'GET ':
      return show(store, visit, id);
    case 'POST update':
      return update(store, visit, id);
    case 'POST coupon':
      return applyCoupon(store, visit, id);
    case 'POST pay':
      return payNow(store, visit, id);
    case 'GET challenge':
      return askBank(store, visit, id);
    case 'POST challenge':
      return answerBank(store, visit, id);
    case 'POST abandon':
      return leave(visit, (await store.transact((tx) => find(tx, id))).cancelUrl);
    // Reloading the address a form was sent to: back to the page itself.
    case 'GET update':
    case 'GET coupon':
    case 'GET pay':
      return leave(visit, here(id, languageOf(visit, 'fr')));
    default:
      throw notFound('page');
  }
}

const here = (id: string, language: Language, decline?: string): string =>
  `/checkout/${id}?lang=${language}${decline === undefined ? '' : `&declined=${decline}`}`;

const origins = (checkout: Checkout): string[] => [
  ...new Set([checkout.successUrl, checkout.cancelUrl].map((url) => new URL(url).origin)),
];

interface Opened {
  checkout: Checkout;
  until: Date;
  customer: Customer;
  now: Date;
  language: Language;
}

/** An open checkout and its customer; anything else is answered here. */
async function opened(store: Store, visit: Visit, id: string): Promise<Opened | undefined> {
  const found = await store.transact(async (tx) => {
    const checkout = await find(tx, id);
    const until = payableUntil(tx, checkout);
    return { checkout, until, customer: await findCustomer(tx, checkout.customerId), now: tx.now };
  });
  const language = languageOf(visit, found.checkout.locale);
  if (found.checkout.status === 'open') return { ...found, language };
  if (found.checkout.status === 'complete') leave(visit, found.checkout.successUrl);
  else page(visit, 410, expiredPage(found.checkout, language));
  return undefined;
}

function blankForm(customer: Customer): CheckoutForm {
  return {
    company: customer.name,
    country: customer.country,
    siren: customer.siren ?? '',
    vat: customer.vatNumber ?? '',
    number: '',
    expiry: '',
    cvc: '',
  };
}

async function show(store: Store, visit: Visit, id: string): Promise<void> {
  const found = await opened(store, visit, id);
  if (found === undefined) return;
  const { checkout, until, customer, now, language } = found;
  const decline = visit.url.searchParams.get('declined');
  render(visit, decline === null ? 200 : 402, {
    checkout,
    until,
    rule: taxRuleFor(customer),
    form: blankForm(customer),
    now,
    language,
    faults: {},
    alert: decline !== null && isWord(decline) ? say(decline, language) : undefined,
  });
}

function render(visit: Visit, status: number, view: CheckoutView): void {
  page(visit, status, checkoutPage(view), origins(view.checkout));
}

function readCheckoutForm(form: URLSearchParams): CheckoutForm {
  return {
    company: typed(form, 'company'),
    country: typed(form, 'country', 2),
    siren: typed(form, 'siren', 20),
    vat: typed(form, 'vat', 24),
    number: typed(form, 'number', 30),
    expiry: typed(form, 'expiry', 9),
    cvc: typed(form, 'cvc', 4),
  };
}

function readBuyer(form: CheckoutForm): { buyer: Buyer; faults: CheckoutView['faults'] } {
  const faults: CheckoutView['faults'] = {};
  const french = form.country === 'FR';
  const siren = form.siren.trim() === '' ? null : readSiren(form.siren);
  const vatNumber = form.vat.trim() === '' ? null : readVatNumber(form.vat, form.country);
  if (form.company.trim() === '') faults.company = 'company.missing';
  if (!countries.includes(form.country)) faults.country = 'country.wrong';
  if (siren === undefined) faults.siren = 'siren.wrong';
  if (vatNumber === undefined) faults.vat = 'vat.wrong';
  return {
    buyer: {
      name: form.company.trim(),
      country: form.country,
      siren: french ? (siren ?? null) : null,
      vatNumber: vatNumber ?? null,
    },
    faults,
  };
}

/** Shows the page again with what was typed: another VAT number, a test card filled in. Pays nothing. */
async function update(store: Store, visit: Visit, id: string): Promise<void> {
  const form = await readForm(visit);
  const found = await opened(store, visit, id);
  if (found === undefined) return;
  const { checkout, until, now, language } = found;
  const entered = withTestCard(readCheckoutForm(form), form.get('card'), now);
  const { buyer, faults } = readBuyer(entered);
  render(visit, Object.keys(faults).length > 0 ? 422 : 200, {
    checkout,
    until,
    rule: taxRuleFor(buyer),
    form: entered,
    now,
    language,
    faults,
  });
}

/** Fills the card fields where a button of the list of test cards was pressed. */
export function withTestCard<T extends { number: string; expiry: string; cvc: string }>(
  entered: T,
  pressed: string | null,
  now: Date,
): T {
  const chosen = testCards.find((test) => test.behaviour === pressed);
  if (chosen === undefined) return entered;
  const year = String((now.getUTCFullYear() + EXAMPLE_EXPIRY_YEARS) % 100).padStart(2, '0');
  return { ...entered, number: chosen.number, expiry: `12/${year}`, cvc: EXAMPLE_CVC };
}

async function applyCoupon(store: Store, visit: Visit, id: string): Promise<void> {
  const code = typed(await readForm(visit), 'coupon', 40).trim();
  const found = await opened(store, visit, id);
  if (found === undefined) return;
  const { checkout, until, customer, now, language } = found;
  const coupon = findCoupon(code);
  if (code !== '' && coupon === undefined) {
    return render(visit, 422, {
      checkout,
      until,
      rule: taxRuleFor(customer),
      form: blankForm(customer),
      now,
      language,
      faults: {},
      couponFault: { code },
    });
  }
  await store.transact((tx) => setCoupon(tx, id, coupon ?? null));
  leave(visit, here(id, language));
}

async function payNow(store: Store, visit: Visit, id: string): Promise<void> {
  const form = await readForm(visit);
  const found = await opened(store, visit, id);
  if (found === undefined) return;
  const { checkout, until, now, language } = found;
  const entered = readCheckoutForm(form);
  const { buyer, faults } = readBuyer(entered);
  const rule = taxRuleFor(buyer);
  const cardless = checkout.trialDays > 0 && `${entered.number}${entered.expiry}${entered.cvc}`.trim() === '';
  const read = cardless ? { card: null } : readCard(entered, now);
  if ('faults' in read) {
    for (const { field, fault } of read.faults) {
      const word = `${field}.${fault}`;
      if (isWord(word)) faults[field] = word;
    }
  }
  const view: CheckoutView = { checkout, until, rule, form: entered, now, language, faults };
  if (Object.keys(faults).length > 0 || 'faults' in read) return render(visit, 422, view);
  const due = checkoutAmounts(checkout, rule).now.totalMinor;
  if (String(due) !== form.get('shown')) {
    // Nobody pays another amount than the one they saw.
    const amount = formatMoney({ minor: due, currency: checkout.currency }, language);
    return render(visit, 409, { ...view, alert: say('moved', language, { amount }) });
  }
  const payment = await store.transact((tx) => payAs(tx, checkout, buyer, read.card, due));
  follow(visit, checkout, payment, language, view);
}

/** Pays at the amount that was shown, or not at all. */
async function payAs(
  tx: Tx,
  checkout: Checkout,
  buyer: Buyer,
  card: Card | null,
  dueMinor: number,
): Promise<Payment> {
  const current = await find(tx, checkout.id);
  if (current.status === 'open') {
    const due = checkoutAmounts(current, taxRuleFor(buyer)).now.totalMinor;
    if (due !== dueMinor) return { result: 'declined', code: 'amount_moved' };
    await updateCustomer(tx, checkout.customerId, buyer);
  }
  return pay(tx, checkout.id, card);
}

function follow(
  visit: Visit,
  checkout: Checkout,
  payment: Payment,
  language: Language,
  view: CheckoutView | undefined,
): void {
  if (payment.result === 'complete') leave(visit, checkout.successUrl);
  else if (payment.result === 'expired') page(visit, 410, expiredPage(checkout, language));
  else if (payment.result === 'challenge')
    leave(visit, `/checkout/${checkout.id}/challenge?lang=${language}`);
  else if (view === undefined) leave(visit, here(checkout.id, language, payment.code));
  else {
    const word: Word = isWord(payment.code) ? payment.code : 'card_declined';
    // The security code is never sent back.
    render(visit, 402, { ...view, form: { ...view.form, cvc: '' }, alert: say(word, language) });
  }
}

async function askBank(store: Store, visit: Visit, id: string): Promise<void> {
  const found = await opened(store, visit, id);
  if (found === undefined) return;
  const { checkout, customer, language } = found;
  if (checkout.challenge === null) return leave(visit, here(id, language));
  const { token, card } = checkout.challenge;
  const amountMinor = checkoutAmounts(checkout, taxRuleFor(customer)).now.totalMinor;
  page(
    visit,
    200,
    challengePage(checkout, { token, last4: card.last4, amountMinor }, language),
    origins(checkout),
  );
}

async function answerBank(store: Store, visit: Visit, id: string): Promise<void> {
  const form = await readForm(visit);
  const found = await opened(store, visit, id);
  if (found === undefined) return;
  const confirmed = form.get('answer') === 'confirm';
  const payment = await store.transact((tx) => answerChallenge(tx, id, form.get('token') ?? '', confirmed));
  follow(visit, found.checkout, payment, found.language, undefined);
}
