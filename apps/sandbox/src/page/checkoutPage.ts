import { formatMoney } from '@preau/billing';
import type { Html } from '@preau/design/html';
import { html } from '@preau/design/html';
import type { Checkout } from '../checkout/checkout.ts';
import type { Amounts } from '../invoice/amounts.ts';
import { amounts, lineAmount } from '../invoice/amounts.ts';
import { testCards } from '../payer/card.ts';
import type { TaxRule } from '../payer/tax.ts';
import { countries } from '../payer/tax.ts';
import { addDays } from '../subscription/period.ts';
import { countryName, day, dayAndTime, inFours } from './format.ts';
import { field, message, notice, shell } from './shell.ts';
import type { Language, Word } from './words.ts';
import { cardWords, say } from './words.ts';

/** What the customer has typed, as it was typed. */
export interface CheckoutForm {
  company: string;
  country: string;
  siren: string;
  vat: string;
  number: string;
  expiry: string;
  cvc: string;
}

export interface CheckoutView {
  checkout: Checkout;
  rule: TaxRule;
  form: CheckoutForm;
  now: Date;
  /** Until when it can be paid. */
  until: Date;
  language: Language;
  /** Field → what is wrong with it. */
  faults: Partial<Record<keyof CheckoutForm, Word>>;
  /** Above the form: a decline, an amount that moved. */
  alert?: string | undefined;
  couponFault?: { code: string } | undefined;
}

/** What is due now, and what each later period costs. */
export function checkoutAmounts(checkout: Checkout, rule: TaxRule): { now: Amounts; later: Amounts } {
  const forever = checkout.coupon?.duration === 'forever' ? checkout.coupon : null;
  return {
    now: amounts(checkout.trialDays > 0 ? [] : checkout.lines, rule, checkout.coupon),
    later: amounts(checkout.lines, rule, checkout.trialDays > 0 ? checkout.coupon : forever),
  };
}

export function checkoutPage(view: CheckoutView): Html {
  const { checkout, form, language, faults, alert } = view;
  const t = (word: Word, values?: Record<string, string | number>) => say(word, language, values);
  const base = `/checkout/${checkout.id}`;
  const lang = `?lang=${language}`;
  const { now: due } = checkoutAmounts(checkout, view.rule);
  const money = (minor: number) => formatMoney({ minor, currency: checkout.currency }, language);
  const faultOf = (name: keyof CheckoutForm) => faults[name] && t(faults[name]);
  const listed = Object.entries(faults);

  const body = html`<h1>${t('checkoutTitle')}</h1>
${alert !== undefined && notice('bad', html`<p id="alert">${alert}</p>`)}${
  listed.length > 0 &&
  notice(
    'bad',
    html`<h2>${t('problem')}</h2><ul>${listed.map(
      ([name, word]) => html`<li><a href="#${name}">${t(word)}</a></li>`,
    )}</ul>`,
  )
}
<div class="two">
<aside aria-label="${t('summary')}">${summary(view)}</aside>
<form method="post" action="${base}/pay${lang}" novalidate>
<button class="default" tabindex="-1" aria-hidden="true">${t('pay', { amount: '' })}</button>
<input type="hidden" name="shown" value="${due.totalMinor}">
<fieldset><legend>${t('billing')}</legend>
${field({ name: 'company', label: t('company'), value: form.company, fault: faultOf('company'), autocomplete: 'organization', required: true })}
<div class="field"><label for="country">${t('country')}</label><select id="country" name="country" autocomplete="country">${countries
    .map((code) => ({ code, name: countryName(code, language) }))
    .sort((a, b) => a.name.localeCompare(b.name, language))
    .map(
      ({ code, name }) =>
        html`<option value="${code}"${code === form.country && html` selected`}>${name}</option>`,
    )}</select>${faults.country && html`<p class="fault">${faultOf('country')}</p>`}</div>
<div class="pair">
${field({ name: 'siren', label: t('siren'), value: form.siren, hint: t('sirenHint'), fault: faultOf('siren'), inputmode: 'numeric', maxlength: 20, code: true })}
${field({ name: 'vat', label: t('vat'), value: form.vat, hint: t('vatHint'), fault: faultOf('vat'), maxlength: 24, code: true })}
</div>
<button class="small" formaction="${base}/update${lang}">${t('updateTax')}</button>
</fieldset>
<fieldset><legend>${t('cardTitle')}</legend>
${checkout.trialDays > 0 && html`<p class="soft">${t('cardOptional')}</p>`}
${field({ name: 'number', label: t('number'), value: form.number, fault: faultOf('number'), autocomplete: 'cc-number', inputmode: 'numeric', maxlength: 30, code: true, required: checkout.trialDays === 0 })}
<div class="pair">
${field({ name: 'expiry', label: t('expiry'), value: form.expiry, fault: faultOf('expiry'), autocomplete: 'cc-exp', inputmode: 'numeric', maxlength: 9, code: true, required: checkout.trialDays === 0 })}
${field({ name: 'cvc', label: t('cvc'), value: form.cvc, fault: faultOf('cvc'), autocomplete: 'cc-csc', inputmode: 'numeric', maxlength: 4, code: true, required: checkout.trialDays === 0 })}
</div>
<details class="card" open><summary>${t('testCards')}</summary><ul class="tests">${testCards.map(
    ({ number, behaviour }) => html`<li><code>${inFours(number)}</code>
<button class="small" name="card" value="${behaviour}" formaction="${base}/update${lang}" aria-label="${t('useCard', { last4: number.slice(-4) })}">${t('use')}</button>
<span>${cardWords[behaviour][language]}</span></li>`,
  )}</ul></details>
</fieldset>
<button class="first wide" id="pay">${checkout.trialDays > 0 ? t('startTrial') : t('pay', { amount: money(due.totalMinor) })}</button>
<p class="centre"><button class="link" formaction="${base}/abandon${lang}">${t('abandon')}</button></p>
</form>
</div>`;
  return shell({
    language,
    title: t('checkoutTitle'),
    body,
    otherLanguage: `${base}?lang=${language === 'fr' ? 'en' : 'fr'}`,
  });
}

function summary({ checkout, until, rule, language, now, couponFault }: CheckoutView): Html {
  const t = (word: Word, values?: Record<string, string | number>) => say(word, language, values);
  const { now: due, later } = checkoutAmounts(checkout, rule);
  const money = (minor: number) => formatMoney({ minor, currency: checkout.currency }, language);
  const period = t(checkout.interval === 'year' ? 'perYear' : 'perMonth');
  const tax = { french: 'taxFrench', 'reverse-charge': 'taxReverse', outside: 'taxOutside' } as const;
  const row = (label: string, amount: string, total = false) =>
    html`<dt${total && html` class="total"`}>${label}</dt><dd class="amount${total && ' total'}">${amount}</dd>`;
  return html`<div class="card"><h2>${t('summary')}</h2>
<ul class="lines">${checkout.lines.map(
    (
      line,
    ) => html`<li><span class="what">${line.label[language]}</span><span class="amount">${money(lineAmount(line))}</span>
<span class="how">${t(line.kind)}${line.quantity > 1 && html` · ${t('quantity')} ${line.quantity}`} · ${period}</span></li>`,
  )}</ul>
<dl class="sums">
${row(t('subtotal'), money(due.subtotalMinor))}
${
  checkout.coupon !== null &&
  due.discountMinor > 0 &&
  row(
    t('discount', { code: checkout.coupon.code, percent: checkout.coupon.percent }),
    money(-due.discountMinor),
  )
}
${row(t(tax[rule.kind]), money(due.taxMinor))}
${row(t('total'), money(due.totalMinor), true)}
</dl>
<p class="hint">${
    checkout.trialDays > 0
      ? t('trial', {
          days: checkout.trialDays,
          amount: money(later.totalMinor),
          date: day(addDays(now, checkout.trialDays), language),
        })
      : t(checkout.interval === 'year' ? 'thenYear' : 'thenMonth', { amount: money(later.totalMinor) })
  }</p>
<form method="post" action="/checkout/${checkout.id}/coupon?lang=${language}" class="field">
<label for="coupon">${t('coupon')}</label>
<div class="inline"><input type="text" id="coupon" name="coupon" value="${couponFault?.code ?? checkout.coupon?.code ?? ''}" maxlength="40" autocomplete="off"${
    couponFault && html` aria-invalid="true" aria-describedby="coupon-fault"`
  }><button>${t('apply')}</button></div>
${couponFault && html`<p class="fault" id="coupon-fault" role="alert">${t('couponUnknown', { code: couponFault.code })}</p>`}
</form>
<p class="hint">${t('validUntil', { date: dayAndTime(until, language) })}</p>
</div>`;
}

export function expiredPage(checkout: Checkout, language: Language): Html {
  return message(language, say('expiredTitle', language), say('expiredText', language), {
    href: checkout.cancelUrl,
    label: say('back', language),
  });
}

/** What a bank would show. */
export function challengePage(
  checkout: Checkout,
  challenge: { token: string; last4: string; amountMinor: number },
  language: Language,
): Html {
  const t = (word: Word, values?: Record<string, string | number>) => say(word, language, values);
  const amount = formatMoney({ minor: challenge.amountMinor, currency: checkout.currency }, language);
  return shell({
    language,
    title: t('challengeTitle'),
    body: html`<div class="narrow card"><h1>${t('challengeTitle')}</h1>
<p>${t('challengeText', { amount, last4: challenge.last4 })}</p>
<form method="post" action="/checkout/${checkout.id}/challenge?lang=${language}">
<input type="hidden" name="token" value="${challenge.token}">
<p class="actions"><button class="first" name="answer" value="confirm">${t('confirm')}</button>
<button name="answer" value="refuse">${t('refuse')}</button></p>
</form></div>`,
  });
}
