'use client';

import { useEffect, useRef, useState } from 'react';

const SAVE_EVERY_MS = 15_000;
const RETRY_MS = 3_000;
/** Below and above it is the beginning and the end: no need to take anybody back there. */
const RESUME_FROM = 0.03;
const RESUME_TO = 0.97;
/** Time counts while somebody is there: a tab left open stops counting after this long without a sign. */
const IDLE_MS = 120_000;

interface Props {
  activityId: string;
  /** Where the learner stopped, 0 to 1. */
  position: number;
  /** Reading to the end completes the lesson. */
  completesAtEnd: boolean;
  record: boolean;
  labels: { resumed: string; fromStart: string; saveFailed: string; done: string };
}

/** How far down the lesson one is: 0 at its top, 1 when its end is on the screen. */
function positionNow(): number {
  const article = document.getElementById('lesson');
  if (!article) return 0;
  const { top, height } = article.getBoundingClientRect();
  const way = height - window.innerHeight + 120;
  if (way <= 0) return 1;
  return Math.min(1, Math.max(0, -top / way));
}

/**
 * Takes the learner back to where they stopped, and keeps position, time and completion: every quarter of a
 * minute, at the end, and when the tab is hidden or closed (a request that outlives the page).
 */
export function LessonTracker({ activityId, position, completesAtEnd, record, labels }: Props) {
  const [resumed, setResumed] = useState(false);
  const [failed, setFailed] = useState(false);
  const [completed, setCompleted] = useState(false);
  const kept = useRef({ position, seconds: 0, completed: false, sentCompleted: false });

  useEffect(() => {
    if (position > RESUME_FROM && position < RESUME_TO && !location.hash) {
      const article = document.getElementById('lesson');
      if (article) {
        const way = article.offsetHeight - window.innerHeight + 120;
        window.scrollTo({ top: article.getBoundingClientRect().top + window.scrollY + position * way });
        setResumed(true);
      }
    }
  }, [position]);

  useEffect(() => {
    if (!record) return;
    const state = kept.current;
    let lastSign = Date.now();
    let sending = false;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let savedPosition = position;

    function look() {
      lastSign = Date.now();
      const now = positionNow();
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
      const seconds = state.seconds;
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
          if (completes) {
            state.sentCompleted = true;
            setCompleted(true);
          }
        }
        setFailed(false);
      } catch {
        state.seconds += seconds;
        setFailed(true);
        retry = setTimeout(() => void save(false), RETRY_MS);
      } finally {
        sending = false;
      }
    }

    const clock = setInterval(() => {
      if (document.visibilityState === 'visible' && Date.now() - lastSign < IDLE_MS) state.seconds += 1;
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
  }, [activityId, completesAtEnd, record, position]);

  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-4 z-20 flex justify-center px-4 *:pointer-events-auto *:rounded-full *:border *:border-line *:bg-raised *:px-4 *:py-2 *:text-sm *:shadow-float"
    >
      {failed ? (
        <p className="text-danger-text">{labels.saveFailed}</p>
      ) : completed ? (
        <p className="animate-[fade_4s_forwards] text-success-text">{labels.done}</p>
      ) : resumed ? (
        <p className="flex items-center gap-3">
          {labels.resumed}
          <button
            type="button"
            className="font-semibold text-brand-text underline"
            onClick={() => {
              window.scrollTo({ top: 0 });
              setResumed(false);
            }}
          >
            {labels.fromStart}
          </button>
        </p>
      ) : null}
    </div>
  );
}
