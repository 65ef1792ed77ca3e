const SAVE_EVERY_MS = 15_000;
const RETRY_MS = 3_000;
/** Below and above it is the beginning and the end: no need to take anybody back there. */
const RESUME_FROM = 0.03;
const RESUME_TO = 0.97;
/** Time counts while somebody is there: a tab left open stops counting after this long without a sign. */
const IDLE_MS = 120_000;
/** In a frame of foreign content no sign is seen from here: as long as it has the keyboard, somebody is at it. */
const FRAME_IDLE_MS = 600_000;
/** What is kept of the window below the lesson's end. */
const MARGIN_PIXELS = 120;

type Said = 'resumed' | 'failed' | 'done';

/** How far one can scroll from the lesson's top until its end is on the screen, in pixels. */
const wayOf = (article: HTMLElement) => article.offsetHeight - window.innerHeight + MARGIN_PIXELS;

/** How far down the lesson one is: 0 at its top, 1 when its end is on the screen. */
function positionIn(article: HTMLElement): number {
  const way = wayOf(article);
  if (way <= 0) return 1;
  return Math.min(1, Math.max(0, -article.getBoundingClientRect().top / way));
}

/** Says one thing at the foot of the window, or nothing. */
function say(what: Said | null): void {
  const place = document.getElementById('reading');
  const words = document.getElementById('reading-words');
  if (!place || !(words instanceof HTMLTemplateElement)) return;
  const found = what && words.content.querySelector(`[data-said="${what}"]`);
  place.replaceChildren(...(found ? [found.cloneNode(true)] : []));
  place.querySelector('button')?.addEventListener('click', () => {
    window.scrollTo({ top: 0 });
    say(null);
  });
}

/**
 * Takes the learner back to where they stopped, and keeps position, time and completion: every quarter of a minute,
 * at the end, and when the tab is hidden or closed (a request that outlives the page).
 * @param resumes false where the reader comes back by the browser's own button, to where they were
 * @returns ends it, when another page takes the lesson's place; null on a page without a lesson
 */
export function watchLesson(resumes: boolean): (() => void) | null {
  const article = document.getElementById('lesson');
  if (!article) return null;
  const position = Number(article.dataset.position);
  if (resumes && position > RESUME_FROM && position < RESUME_TO && !location.hash) {
    const top = article.getBoundingClientRect().top + window.scrollY + position * wayOf(article);
    window.scrollTo({ top });
    say('resumed');
  }
  const activityId = article.dataset.record;
  return activityId ? record(article, activityId, position) : null;
}

function record(article: HTMLElement, activityId: string, position: number): () => void {
  const completesAtEnd = article.dataset.completes !== undefined;
  const state = { position, seconds: 0, completed: false, sentCompleted: false };
  let lastSign = Date.now();
  let sending = false;
  let over = false;
  let failed = false;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let savedPosition = position;

  function look() {
    lastSign = Date.now();
    const now = positionIn(article);
    state.position = Math.max(state.position, now);
    if (completesAtEnd && now >= 0.99 && !state.completed) {
      state.completed = true;
      void save(false);
    }
  }

  async function save(leaving: boolean) {
    const changed = Math.abs(state.position - savedPosition) > 0.01 || state.seconds >= 5;
    const completes = state.completed && !state.sentCompleted;
    if ((!changed && !completes) || (sending && !leaving)) return;
    clearTimeout(retry);
    const { seconds } = state;
    const body = JSON.stringify({ position: state.position, seconds, completed: state.completed });
    sending = true;
    state.seconds = 0;
    try {
      const answer = await fetch(`/api/activities/${activityId}/progress`, {
        method: 'PUT',
        headers: { 'Content-Type': 'application/json' },
        body,
        keepalive: true,
      });
      if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
      if (answer.ok) {
        savedPosition = state.position;
        state.sentCompleted ||= completes;
      }
      if (!over && completes && answer.ok) say('done');
      else if (!over && failed) say(null);
      failed = false;
    } catch {
      state.seconds += seconds;
      failed = true;
      if (over) return;
      say('failed');
      retry = setTimeout(() => void save(false), RETRY_MS);
    } finally {
      sending = false;
    }
  }

  const clock = setInterval(() => {
    const framed = document.hasFocus() && document.activeElement instanceof HTMLIFrameElement;
    const patience = framed ? FRAME_IDLE_MS : IDLE_MS;
    if (document.visibilityState === 'visible' && Date.now() - lastSign < patience) state.seconds += 1;
  }, 1000);
  const beat = setInterval(() => void save(false), SAVE_EVERY_MS);
  const leave = () => {
    if (document.visibilityState === 'hidden') void save(true);
  };
  const sign = () => {
    lastSign = Date.now();
  };
  window.addEventListener('scroll', look, { passive: true });
  window.addEventListener('pointermove', sign, { passive: true });
  window.addEventListener('keydown', sign);
  document.addEventListener('visibilitychange', leave);
  // A lesson that fits the screen is read at once; the wait keeps a mere passage from counting.
  const short = setTimeout(look, 3000);
  return () => {
    over = true;
    clearInterval(clock);
    clearInterval(beat);
    clearTimeout(short);
    clearTimeout(retry);
    window.removeEventListener('scroll', look);
    window.removeEventListener('pointermove', sign);
    window.removeEventListener('keydown', sign);
    document.removeEventListener('visibilitychange', leave);
    void save(true);
  };
}
