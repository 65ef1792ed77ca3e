import type { Html } from '@preau/design/html';
import { html } from '@preau/design/html';
import type { ListedEvent, ListedSubscription, Switches } from '../panel.ts';
import { dayAndTime } from './format.ts';
import { TONE_OF_STATUS } from './portalPage.ts';
import { notice, shell } from './shell.ts';
import type { Language, Word } from './words.ts';
import { isWord, say } from './words.ts';

export interface PanelView {
  language: Language;
  now: Date;
  switches: Switches;
  subscriptions: readonly ListedSubscription[];
  events: readonly ListedEvent[];
  said?: { word: Word; good: boolean } | undefined;
}

const STEPS: readonly { seconds: number; word: 'day' | 'week' | 'month' | 'year' }[] = [
  { seconds: 86_400, word: 'day' },
  { seconds: 7 * 86_400, word: 'week' },
  { seconds: 31 * 86_400, word: 'month' },
  { seconds: 366 * 86_400, word: 'year' },
];

export function panelPage(view: PanelView): Html {
  const { language, switches, said } = view;
  const t = (word: Word, values?: Record<string, string | number>) => say(word, language, values);
  const lang = `?lang=${language}`;
  return shell({
    language,
    title: t('panelTitle'),
    otherLanguage: `/?lang=${language === 'fr' ? 'en' : 'fr'}`,
    body: html`<h1>${t('panelTitle')}</h1><p class="soft">${t('panelText')}</p>
${said !== undefined && notice(said.good ? 'good' : 'bad', html`<p>${t(said.word)}</p>`)}
<div class="two">
<section class="card"><h2>${t('clock')}</h2><p>${t('clockNow', { date: dayAndTime(view.now, language) })}</p>
<form method="post" action="/panel/advance${lang}" aria-label="${t('advance')}"><p class="soft">${t('advance')}</p><p class="actions">${STEPS.map(
      ({ seconds, word }) =>
        html`<button class="small" name="seconds" value="${seconds}">${t(word)}</button>`,
    )}</p></form></section>
<section class="card"><h2>${t('webhooks')}</h2><form method="post" action="/panel/switches${lang}">
<label class="check"><input type="checkbox" name="duplicate" value="1"${switches.duplicate && html` checked`}>${t('duplicate')}</label>
<label class="check"><input type="checkbox" name="reorder" value="1"${switches.reorder && html` checked`}>${t('reorder')}</label>
<div class="pair"><div class="field"><label for="delay">${t('delaySeconds')}</label><input type="number" id="delay" name="delay" min="0" max="3600" value="${switches.delay_seconds}"></div>
<div class="field"><label for="drop">${t('dropPercent')}</label><input type="number" id="drop" name="drop" min="0" max="100" value="${switches.drop_percent}"></div></div>
<button>${t('saveSwitches')}</button></form></section>
</div>
<section class="card"><h2>${t('subscriptions')}</h2>${
      view.subscriptions.length === 0
        ? html`<p class="soft">${t('noSubscriptions')}</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="${t('subscriptions')}"><table><thead><tr><th scope="col">${t('customer')}</th><th scope="col">${t('plan')}</th><th scope="col">${t('state')}</th><th scope="col">${t('dispute')}</th><th scope="col">${t('actions')}</th></tr></thead><tbody>${view.subscriptions.map(
            (subscription) => row(subscription, language),
          )}</tbody></table></div>`
    }</section>
<section class="card"><h2>${t('events')}</h2>${
      view.events.length === 0
        ? html`<p class="soft">${t('noEvents')}</p>`
        : html`<div class="scroll" tabindex="0" role="region" aria-label="${t('events')}"><table><thead><tr><th scope="col">${t('date')}</th><th scope="col">${t('event')}</th><th scope="col">${t('deliveries')}</th><th scope="col">${t('actions')}</th></tr></thead><tbody>${view.events.map(
            (event) =>
              html`<tr><td>${dayAndTime(event.created_at, language)}</td><td><code>${event.type}</code></td><td>${event.deliveries.map(
                ({ state, attempts, answer }) =>
                  html`<span class="badge ${state === 'delivered' ? 'good' : state === 'waiting' ? 'warn' : 'bad'}">${t(state)}${attempts > 0 && ` · ${attempts}×`}${answer !== null && ` · ${answer}`}</span> `,
              )}</td><td><form method="post" action="/panel/resend${lang}"><input type="hidden" name="event" value="${event.id}"><button class="small" aria-label="${t('resend')} ${event.type}">${t('resend')}</button></form></td></tr>`,
          )}</tbody></table></div>`
    }</section>`,
  });
}

function row(subscription: ListedSubscription, language: Language): Html {
  const t = (word: Word) => say(word, language);
  const { id, customer, status, dispute } = subscription;
  const disputeWord = `dispute.${dispute}`;
  const act = (name: string, word: Word) =>
    html`<button class="small" name="act" value="${name}" aria-label="${t(word)}, ${customer}">${t(word)}</button> `;
  return html`<tr><td>${customer}</td><td>${subscription.plan[language]}<br><span class="soft">${dayAndTime(subscription.ends, language)}</span></td><td><span class="badge ${TONE_OF_STATUS[status]}">${t(status)}</span></td><td>${isWord(disputeWord) && t(disputeWord)}</td>
<td><form method="post" action="/panel/act?lang=${language}"><input type="hidden" name="subscription" value="${id}"><p class="actions">${act('refund', 'refundLast')}${
    dispute === 'open'
      ? html`${act('won', 'disputeWon')}${act('lost', 'disputeLost')}`
      : act('open', 'disputeOpen')
  }${status !== 'canceled' && act('cancel', 'cancelNow')}</p></form></td></tr>`;
}

export function keyPage(language: Language, wrong: boolean): Html {
  const t = (word: Word) => say(word, language);
  return shell({
    language,
    title: t('panelTitle'),
    otherLanguage: `/?lang=${language === 'fr' ? 'en' : 'fr'}`,
    body: html`<div class="narrow card"><h1>${t('panelTitle')}</h1><p class="soft">${t('keyText')}</p>
<form method="post" action="/panel/enter?lang=${language}"><div class="field"><label for="key">${t('key')}</label><input type="password" id="key" name="key" autocomplete="off"${wrong && html` aria-invalid="true" aria-describedby="key-fault"`}>${wrong && html`<p class="fault" id="key-fault" role="alert">${t('keyWrong')}</p>`}</div>
<button class="first">${t('enter')}</button></form></div>`,
  });
}
