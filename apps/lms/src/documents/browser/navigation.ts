import { isDocument } from './paths.ts';

/** Called when a document stands there; answers what ends its behaviour when another takes its place. */
type Arrive = (resumes: boolean) => () => void;

interface Goal {
  url: URL;
  /** What a form sends; undefined for a link. */
  form?: URLSearchParams;
  history: 'push' | 'keep';
  /** Where the window stood, for the way back. */
  scroll?: number;
}

const MODIFIERS = ['metaKey', 'ctrlKey', 'shiftKey', 'altKey'] as const;
/** Shorter waits need no sign that something is on its way. */
const PATIENCE_MS = 120;

/**
 * Puts the next document in place of this one when a link is followed or a form is sent: what both share is neither
 * loaded nor started again. Whatever is not as expected (another kind of page, a new release, a lost connection) is
 * left to the browser, which goes there itself.
 */
export function navigate(arrive: Arrive): void {
  let leave = arrive(true);
  let going: AbortController | undefined;
  /** Where this document is: a move within it is the browser's. */
  let here = location.pathname + location.search;
  const announcer = document.createElement('p');
  announcer.className = 'sr-only';
  announcer.setAttribute('role', 'status');
  document.documentElement.append(announcer);

  async function go({ url, form, history: entry, scroll }: Goal): Promise<void> {
    going?.abort();
    const mine = new AbortController();
    going = mine;
    const bar = setTimeout(showBar, PATIENCE_MS);
    try {
      const answer = await fetch(url, {
        method: form ? 'POST' : 'GET',
        headers: { 'Preau-Navigation': 'soft' },
        signal: mine.signal,
        ...(form ? { body: form } : {}),
      });
      const to = answer.headers.get('Preau-Location');
      if (to) {
        const next = new URL(to, location.href);
        if (!isDocument(next.pathname)) return location.assign(next);
        const stays = next.pathname + next.search === here;
        return await go({ url: next, history: form ? (stays ? 'keep' : 'push') : entry });
      }
      const text = await answer.text();
      if (going !== mine) return;
      const next = parsed(text);
      if (form && answer.status >= 500 && !replaceable(next)) throw new Error(String(answer.status));
      if (!replaceable(next)) return location.assign(url);
      if (entry === 'push') {
        history.scrollRestoration = 'manual';
        history.replaceState({ scroll: window.scrollY }, '');
        history.pushState(null, '', url);
      } else history.replaceState(history.state, '', url);
      here = url.pathname + url.search;
      leave();
      replace(next);
      if (scroll !== undefined) window.scrollTo({ top: scroll, behavior: 'instant' });
      else if (!toAnchor(url.hash)) window.scrollTo({ top: 0, behavior: 'instant' });
      leave = arrive(scroll === undefined);
      announcer.textContent = document.title;
      moveFocus();
    } catch (error) {
      if (mine.signal.aborted) return;
      console.warn(error);
      // The browser says what is wrong, and can try again. A form is sent by itself once more.
      if (!form) location.assign(url);
      else throw error;
    } finally {
      clearTimeout(bar);
      if (going === mine) hideBar();
    }
  }

  function follow(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0 || MODIFIERS.some((key) => event[key])) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href || link.target || link.hasAttribute('download')) return;
    const url = new URL(link.href);
    if (url.origin !== location.origin || !isDocument(url.pathname)) return;
    if (url.hash && url.pathname + url.search === here) return;
    event.preventDefault();
    void go({ url, history: 'push' });
  }

  function send(event: SubmitEvent): void {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || !(form instanceof HTMLFormElement)) return;
    const url = new URL(form.action);
    if (form.method !== 'post' || url.origin !== location.origin || !isDocument(url.pathname)) return;
    event.preventDefault();
    if (form.ariaBusy === 'true') return;
    form.ariaBusy = 'true';
    if (submitter) submitter.ariaDisabled = 'true';
    const sent = new URLSearchParams();
    for (const [name, value] of new FormData(form, submitter))
      if (typeof value === 'string') sent.append(name, value);
    go({ url, form: sent, history: url.pathname + url.search === here ? 'keep' : 'push' }).catch(() =>
      // Past this listener, and with it the browser's own page where there is no connection.
      form.submit(),
    );
  }

  document.addEventListener('click', follow);
  document.addEventListener('submit', send);
  // A page that the browser itself comes back to stands where it stood.
  window.addEventListener('pagehide', () => {
    history.scrollRestoration = 'auto';
  });
  window.addEventListener('popstate', (event) => {
    if (location.pathname + location.search === here) return;
    const scroll = Number((event.state as { scroll?: number } | null)?.scroll ?? 0);
    void go({ url: new URL(location.href), history: 'keep', scroll });
  });
}

/** A page as a document. It stands under the policy of this one, whose nonce its style has to bear. */
function parsed(text: string): Document {
  const nonce = document.querySelector('script')?.nonce ?? '';
  const written = text.replace(/<style nonce="[^"]*">/, `<style nonce="${nonce}">`);
  return new DOMParser().parseFromString(written, 'text/html');
}

/** Whether a page is a document of the release and the looks that stand here. */
function replaceable(next: Document): boolean {
  return ['link[rel="stylesheet"]', 'script[type="module"]', 'head > style'].every((selector) => {
    const [one, other] = [document.querySelector(selector), next.querySelector(selector)];
    return (
      one !== null &&
      other !== null &&
      one.textContent === other.textContent &&
      one.getAttribute('href') === other.getAttribute('href') &&
      one.getAttribute('src') === other.getAttribute('src')
    );
  });
}

/** Everything between the tags of `body`, and what the head says of the page. */
function replace(next: Document): void {
  const { documentElement: html } = document;
  html.lang = next.documentElement.lang;
  const theme = next.documentElement.dataset.theme;
  if (theme) html.dataset.theme = theme;
  else delete html.dataset.theme;
  document.title = next.title;
  for (const name of ['description', 'robots']) {
    document.querySelector(`meta[name="${name}"]`)?.remove();
    const meta = next.querySelector(`meta[name="${name}"]`);
    if (meta) document.head.append(document.adoptNode(meta));
  }
  document.body.dataset.loading = next.body.dataset.loading ?? '';
  document.body.replaceChildren(...next.body.childNodes);
}

function toAnchor(hash: string): boolean {
  const target = hash ? document.getElementById(decodeURIComponent(hash.slice(1))) : null;
  target?.scrollIntoView();
  return target !== null;
}

/** To what was refused, or to the page's heading: reading and the Tab key go on from there. */
function moveFocus(): void {
  const goal = document.querySelector<HTMLElement>('main [role="alert"], main h1');
  if (!goal) return;
  if (!goal.hasAttribute('tabindex')) goal.setAttribute('tabindex', '-1');
  goal.classList.add('outline-none');
  goal.focus({ preventScroll: true });
}

function showBar(): void {
  hideBar();
  const bar = document.createElement('div');
  bar.id = 'arriving';
  bar.setAttribute('role', 'status');
  const drawn = document.createElement('div');
  drawn.className = 'arriving';
  const words = document.createElement('span');
  words.className = 'sr-only';
  words.textContent = document.body.dataset.loading ?? '';
  bar.append(drawn, words);
  document.body.append(bar);
}

const hideBar = () => document.getElementById('arriving')?.remove();
