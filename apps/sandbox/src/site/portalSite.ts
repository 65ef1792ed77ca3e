import { z } from 'zod';
import type { Store, Tx } from '../database/store.ts';
import { invoicesOf } from '../invoice/invoice.ts';
import { portalPage } from '../page/portalPage.ts';
import { message } from '../page/shell.ts';
import type { Language, Word } from '../page/words.ts';
import { say } from '../page/words.ts';
import type { CardFault, CardInput } from '../payer/card.ts';
import { readCard } from '../payer/card.ts';
import { findCustomer, keepCard, lockCustomer } from '../payer/customer.ts';
import { notFound } from '../refusal.ts';
import { cancel, payWhatIsOpen, uncancel } from '../subscription/lifecycle.ts';
import { ofCustomer } from '../subscription/subscription.ts';
import { withTestCard } from './checkoutSite.ts';
import type { Visit } from './visit.ts';
import { languageOf, leave, page, readForm, typed } from './visit.ts';

const session = z.object({
  token: z.string(),
  customer_id: z.string(),
  return_url: z.string(),
  locale: z.enum(['fr', 'en']),
});
type Session = z.infer<typeof session>;

const EMPTY: CardInput = { number: '', expiry: '', cvc: '' };
const SAID: readonly Word[] = ['cardSaved', 'cancelled', 'uncancelled'];

/** The customer's own page: /portal/{token} and what its buttons do. */
export async function portalSite(store: Store, visit: Visit): Promise<void> {
  const [token = '', verb] = visit.path;
  const [found] = await store.transact((tx) =>
    tx.rows(session, 'select * from sandbox.portal_session where token = $1 and expires_at > now()', [token]),
  );
  if (found === undefined) {
    const language = languageOf(visit, 'fr');
    return page(visit, 410, message(language, say('portalGone', language), say('portalGoneText', language)));
  }
  const language = languageOf(visit, found.locale);
  const done = (said: Word) => leave(visit, `/portal/${token}?lang=${language}&said=${said}`);
  switch (`${visit.request.method === 'HEAD' ? 'GET' : visit.request.method} ${verb ?? ''}`) {
    case 'GET ': {
      const said = SAID.find((word) => word === visit.url.searchParams.get('said'));
      return show(store, visit, found, language, { card: EMPTY, faults: [], said });
    }
    case 'POST fill': {
      const form = await readForm(visit);
      const now = await store.transact(async (tx) => tx.now);
      return show(store, visit, found, language, {
        card: withTestCard(readCardForm(form), form.get('card'), now),
        faults: [],
      });
    }
    case 'POST card': {
      const card = readCardForm(await readForm(visit));
      const read = readCard(card, await store.transact(async (tx) => tx.now));
      if ('faults' in read) return show(store, visit, found, language, { card, faults: read.faults });
      await store.transact(async (tx) => {
        await lockCustomer(tx, found.customer_id);
        await keepCard(tx, found.customer_id, read.card);
      });
      for (const { id } of await store.transact((tx) => ofCustomer(tx, found.customer_id))) {
        await store.transact((tx) => payWhatIsOpen(tx, id));
      }
      return done('cardSaved');
    }
    case 'POST cancel': {
      const id = await owned(store, visit, found);
      await store.transact((tx) => cancel(tx, id, 'period-end'));
      return done('cancelled');
    }
    case 'POST uncancel': {
      const id = await owned(store, visit, found);
      await store.transact((tx) => uncancel(tx, id));
      return done('uncancelled');
    }
    default:
      throw notFound('page');
  }
}

const readCardForm = (form: URLSearchParams): CardInput => ({
  number: typed(form, 'number', 30),
  expiry: typed(form, 'expiry', 9),
  cvc: typed(form, 'cvc', 4),
});

/** The subscription that the form names, if it is this customer's. */
async function owned(store: Store, visit: Visit, found: Session): Promise<string> {
  const id = (await readForm(visit)).get('subscription');
  const mine = await store.transact((tx) => ofCustomer(tx, found.customer_id));
  const subscription = mine.find((one) => one.id === id);
  if (subscription === undefined) throw notFound('subscription');
  return subscription.id;
}

async function show(
  store: Store,
  visit: Visit,
  found: Session,
  language: Language,
  state: { card: CardInput; faults: readonly CardFault[]; said?: Word | undefined },
): Promise<void> {
  const data = await store.transact(async (tx: Tx) => {
    const subscriptions = await ofCustomer(tx, found.customer_id);
    const invoices = [];
    for (const { id } of subscriptions) invoices.push(...(await invoicesOf(tx, id)));
    return { customer: await findCustomer(tx, found.customer_id), subscriptions, invoices };
  });
  const view = { token: found.token, returnUrl: found.return_url, language, ...data, ...state };
  page(visit, state.faults.length > 0 ? 422 : 200, portalPage(view));
}
