import { createHmac } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Store } from '../database/store.ts';
import { sameSecret } from '../http/exchange.ts';
import { keyPage, panelPage } from '../page/panelPage.ts';
import type { Word } from '../page/words.ts';
import {
  latestEvents,
  latestSubscriptions,
  readSwitches,
  refundLast,
  resend,
  setSwitches,
  switches as switchesSchema,
} from '../panel.ts';
import { notFound, Refusal } from '../refusal.ts';
import { cancel, dispute } from '../subscription/lifecycle.ts';
import type { Visit } from './visit.ts';
import { languageOf, leave, page, readForm } from './visit.ts';

const COOKIE = 'sandbox_panel';
const COOKIE_SECONDS = 12 * 60 * 60;
const SAID: readonly Word[] = ['advanced', 'switchesSaved', 'switchesWrong', 'done', 'refusedAction'];
const BAD: readonly Word[] = ['switchesWrong', 'refusedAction'];
const MAX_ADVANCE_SECONDS = 366 * 86_400;

export interface PanelOptions {
  store: Store;
  clock: Clock;
  apiKey: string;
  /** `key`: whoever comes must know the API key. */
  access: 'open' | 'key';
  publicUrl: string;
}

/** The developer's page at / and what its buttons do under /panel. */
export async function panelSite(options: PanelOptions, visit: Visit, verb: string): Promise<void> {
  const { store, clock, apiKey, access } = options;
  const language = languageOf(visit, 'fr');
  const ticket = createHmac('sha256', apiKey).update('panel').digest('base64url');
  const call = `${visit.request.method === 'HEAD' ? 'GET' : visit.request.method} ${verb}`;

  if (call === 'POST enter') {
    const given = (await readForm(visit)).get('key') ?? '';
    if (!sameSecret(given, apiKey)) return page(visit, 401, keyPage(language, true));
    const secure = options.publicUrl.startsWith('https:') ? '; Secure' : '';
    visit.response.setHeader(
      'Set-Cookie',
      `${COOKIE}=${ticket}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${COOKIE_SECONDS}${secure}`,
    );
    return leave(visit, `/?lang=${language}`);
  }
  const shown = new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]+)`).exec(visit.request.headers.cookie ?? '')?.[1];
  if (access === 'key' && (shown === undefined || !sameSecret(shown, ticket))) {
    return page(visit, 401, keyPage(language, false));
  }

  const done = (said: Word) => leave(visit, `/?lang=${language}&said=${said}`);
  switch (call) {
    case 'GET ': {
      const said = SAID.find((word) => word === visit.url.searchParams.get('said'));
      const view = await store.transact(async (tx) => ({
        now: tx.now,
        switches: await readSwitches(tx),
        subscriptions: await latestSubscriptions(tx),
        events: await latestEvents(tx),
      }));
      return page(
        visit,
        200,
        panelPage({ ...view, language, said: said && { word: said, good: !BAD.includes(said) } }),
      );
    }
    case 'POST advance': {
      const seconds = Number((await readForm(visit)).get('seconds'));
      if (!Number.isInteger(seconds) || seconds < 1 || seconds > MAX_ADVANCE_SECONDS)
        return done('refusedAction');
      await clock.advance(seconds * 1000);
      return done('advanced');
    }
    case 'POST switches': {
      const form = await readForm(visit);
      const set = switchesSchema.safeParse({
        duplicate: form.has('duplicate'),
        reorder: form.has('reorder'),
        delay_seconds: Number(form.get('delay') || Number.NaN),
        drop_percent: Number(form.get('drop') || Number.NaN),
      });
      if (!set.success) return done('switchesWrong');
      await store.transact((tx) => setSwitches(tx, set.data));
      return done('switchesSaved');
    }
    case 'POST act':
      return done(await act(store, await readForm(visit)));
    case 'POST resend': {
      const event = (await readForm(visit)).get('event') ?? '';
      await store.transact((tx) => resend(tx, event));
      store.onEvents();
      return done('done');
    }
    default:
      throw notFound('page');
  }
}

async function act(store: Store, form: URLSearchParams): Promise<Word> {
  const id = form.get('subscription') ?? '';
  const name = form.get('act');
  try {
    await store.transact(async (tx) => {
      if (name === 'refund') await refundLast(tx, id);
      else if (name === 'cancel') await cancel(tx, id, 'now');
      else if (name === 'open' || name === 'won' || name === 'lost') await dispute(tx, id, name);
      else throw notFound('action');
    });
    return 'done';
  } catch (error) {
    if (error instanceof Refusal) return 'refusedAction';
    throw error;
  }
}
