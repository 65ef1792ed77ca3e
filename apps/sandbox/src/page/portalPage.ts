import { formatMoney } from '@preau/billing';
import type { Html } from '@preau/design/html';
import { html } from '@preau/design/html';
import type { Invoice } from '../invoice/invoice.ts';
import type { CardFault, CardInput } from '../payer/card.ts';
import { testCards } from '../payer/card.ts';
import type { Customer } from '../payer/customer.ts';
import type { Status, Subscription } from '../subscription/subscription.ts';
import { day, inFours, shortDay } from './format.ts';
import { badge } from './invoicePage.ts';
import { field, notice, shell } from './shell.ts';
import type { Language, Word } from './words.ts';
import { cardWords, isWord, say } from './words.ts';

export interface PortalView {
  token: string;
  returnUrl: string;
  customer: Customer;
  subscriptions: readonly Subscription[];
  invoices: readonly Invoice[];
  language: Language;
  card: CardInput;
  faults: readonly CardFault[];
  said?: Word | undefined;
}

export const TONE_OF_STATUS: Readonly<Record<Status, string>> = {
  trialing: 'good',
  active: 'good',
  past_due: 'warn',
  unpaid: 'bad',
  paused: 'warn',
  canceled: '',
};

export function portalPage(view: PortalView): Html {
  const { token, customer, language, faults, card, said } = view;
  const t = (word: Word, values?: Record<string, string | number>) => say(word, language, values);
  const base = `/portal/${token}`;
  const lang = `?lang=${language}`;
  const fault = (name: CardFault['field']) => {
    const found = faults.find((one) => one.field === name);
    const word = `${name}.${found?.fault}`;
    return found !== undefined && isWord(word) ? t(word) : undefined;
  };
  return shell({
    language,
    title: t('portalTitle'),
    otherLanguage: `${base}?lang=${language === 'fr' ? 'en' : 'fr'}`,
    body: html`<h1>${t('portalTitle')}</h1>
${said !== undefined && notice('good', html`<p>${t(said)}</p>`)}
<p class="soft">${customer.name}</p>
<div class="two">
<div>
<section class="card"><h2>${t('subscriptions')}</h2>${
      view.subscriptions.length === 0
        ? html`<p class="soft">${t('noSubscriptions')}</p>`
        : view.subscriptions.map((subscription) => entry(subscription, base, language))
    }</section>
<section class="card"><h2>${t('invoices')}</h2>${
      view.invoices.length === 0
        ? html`<p class="soft">${t('noInvoices')}</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="${t('invoices')}"><table><thead><tr><th scope="col">${t('invoiceNumber')}</th><th scope="col">${t('date')}</th><th scope="col">${t('state')}</th><th scope="col" class="amount">${t('amount')}</th></tr></thead>
<tbody>${view.invoices.map(
            (invoice) =>
              html`<tr><td><a href="/invoices/${invoice.id}${lang}">${invoice.number}</a></td><td>${shortDay(invoice.issuedAt, language)}</td><td>${badge(invoice, language)}</td><td class="amount">${formatMoney({ minor: invoice.totalMinor, currency: invoice.currency }, language)}</td></tr>`,
          )}</tbody></table></div>`
    }</section>
</div>
<section class="card"><h2>${t('changeCard')}</h2>
<p class="soft">${customer.card === null ? t('noCard') : t('currentCard', { last4: customer.card.last4, expiry: customer.card.expiry })}</p>
<form method="post" action="${base}/card${lang}" novalidate>
<button class="default" tabindex="-1" aria-hidden="true">${t('saveCard')}</button>
${field({ name: 'number', label: t('number'), value: card.number, fault: fault('number'), autocomplete: 'cc-number', inputmode: 'numeric', maxlength: 30, code: true, required: true })}
<div class="pair">
${field({ name: 'expiry', label: t('expiry'), value: card.expiry, fault: fault('expiry'), autocomplete: 'cc-exp', inputmode: 'numeric', maxlength: 9, code: true, required: true })}
${field({ name: 'cvc', label: t('cvc'), value: card.cvc, fault: fault('cvc'), autocomplete: 'cc-csc', inputmode: 'numeric', maxlength: 4, code: true, required: true })}
</div>
<details><summary>${t('testCards')}</summary><ul class="tests">${testCards.map(
      ({ number, behaviour }) =>
        html`<li><code>${inFours(number)}</code><button class="small" name="card" value="${behaviour}" formaction="${base}/fill${lang}" aria-label="${t('useCard', { last4: number.slice(-4) })}">${t('use')}</button><span>${cardWords[behaviour][language]}</span></li>`,
    )}</ul></details>
<p class="actions"><button class="first">${t('saveCard')}</button></p>
</form></section>
</div>
<p><a class="button" href="${view.returnUrl}">${t('returnTo')}</a></p>`,
  });
}

function entry(subscription: Subscription, base: string, language: Language): Html {
  const t = (word: Word, values?: Record<string, string | number>) => say(word, language, values);
  const { status, cancelAt } = subscription;
  const date =
    cancelAt !== null
      ? t(status === 'canceled' ? 'ended' : 'ends', { date: day(cancelAt, language) })
      : t('renews', { date: day(subscription.currentPeriodEnd, language) });
  return html`<div><p><strong>${subscription.lines.map((line) => line.label[language]).join(' + ')}</strong> <span class="badge ${TONE_OF_STATUS[status]}">${t(status)}</span><br><span class="soft">${date}</span></p>
${
  status !== 'canceled' &&
  html`<form method="post" action="${base}/${cancelAt === null ? 'cancel' : 'uncancel'}?lang=${language}"><input type="hidden" name="subscription" value="${subscription.id}"><button class="small${cancelAt === null && ' danger'}">${t(cancelAt === null ? 'cancel' : 'uncancel')}</button></form>`
}</div>`;
}
