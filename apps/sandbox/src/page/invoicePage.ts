import { formatMoney } from '@preau/billing';
import type { Html } from '@preau/design/html';
import { html } from '@preau/design/html';
import { lineAmount } from '../invoice/amounts.ts';
import type { Invoice } from '../invoice/invoice.ts';
import { countryName, day, inThrees } from './format.ts';
import { shell } from './shell.ts';
import type { Language, Word } from './words.ts';
import { say } from './words.ts';

export type InvoiceBadge = 'open' | 'paid' | 'void' | 'uncollectible' | 'refunded' | 'partlyRefunded';

export function invoiceBadge(invoice: Invoice): InvoiceBadge {
  if (invoice.refundedMinor === 0) return invoice.status;
  return invoice.refundedMinor >= invoice.totalMinor ? 'refunded' : 'partlyRefunded';
}

const TONES: Readonly<Record<InvoiceBadge, string>> = {
  open: 'warn',
  paid: 'good',
  void: '',
  uncollectible: 'bad',
  refunded: '',
  partlyRefunded: '',
};
export const badge = (invoice: Invoice, language: Language): Html => {
  const kind = invoiceBadge(invoice);
  return html`<span class="badge ${TONES[kind]}">${say(kind, language)}</span>`;
};

export function invoicePage(invoice: Invoice, language: Language): Html {
  const t = (word: Word, values?: Record<string, string | number>) => say(word, language, values);
  const money = (minor: number) => formatMoney({ minor, currency: invoice.currency }, language);
  const { buyer, tax } = invoice;
  const taxWord = { french: 'taxFrench', 'reverse-charge': 'taxReverse', outside: 'taxOutside' } as const;
  const title = t('invoiceTitle', { number: invoice.number });
  const row = (label: string, amount: string, total = false) =>
    html`<dt${total && html` class="total"`}>${label}</dt><dd class="amount${total && ' total'}">${amount}</dd>`;
  return shell({
    language,
    title,
    otherLanguage: `/invoices/${invoice.id}?lang=${language === 'fr' ? 'en' : 'fr'}`,
    body: html`<h1>${title} ${badge(invoice, language)}</h1>
<p class="soft">${t('notReal')}</p>
<div class="parties">
<section><h2>${t('seller')}</h2><p><strong>Préau</strong><br>Paris, ${countryName('FR', language)}</p></section>
<section><h2>${t('buyer')}</h2><p><strong>${buyer.name}</strong><br>${buyer.email}<br>${countryName(buyer.country, language)}${
      buyer.siren !== null && html`<br>SIREN ${inThrees(buyer.siren)}`
    }${buyer.vatNumber !== null && html`<br>${language === 'fr' ? 'TVA' : 'VAT'} ${buyer.vatNumber}`}</p></section>
<section><h2>${t('issued')}</h2><p>${day(invoice.issuedAt, language)}</p></section>
<section><h2>${t('due')}</h2><p>${day(invoice.dueAt, language)}</p></section>
</div>
<div class="scroll" tabindex="0" role="region" aria-label="${t('description')}"><table>
<thead><tr><th scope="col">${t('description')}</th><th scope="col" class="amount">${t('quantity')}</th><th scope="col" class="amount">${t('unitPrice')}</th><th scope="col" class="amount">${t('lineTotal')}</th></tr></thead>
<tbody>${invoice.lines.map(
      (line) =>
        html`<tr><td>${line.label[language]}</td><td class="amount">${line.quantity}</td><td class="amount">${money(line.unitAmountMinor)}</td><td class="amount">${money(lineAmount(line))}</td></tr>`,
    )}</tbody></table></div>
<dl class="sums narrow">
${row(t('subtotal'), money(invoice.subtotalMinor))}
${invoice.discountMinor > 0 && row(t('discount', { code: '', percent: Math.round((100 * invoice.discountMinor) / invoice.subtotalMinor) }), money(-invoice.discountMinor))}
${invoice.creditMinor > 0 && row(t('credit'), money(-invoice.creditMinor))}
${row(t(taxWord[tax.kind]), money(invoice.taxMinor))}
${row(t('totalWithTax'), money(invoice.totalMinor), true)}
${invoice.refundedMinor > 0 && row(t('totalRefunded'), money(-invoice.refundedMinor))}
</dl>
${tax.kind === 'reverse-charge' && html`<p class="hint">${t('reverseMention')}</p>`}
${tax.kind === 'outside' && html`<p class="hint">${t('outsideMention')}</p>`}`,
  });
}
