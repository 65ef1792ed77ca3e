'use client';

import {
  type ReactNode,
  startTransition,
  useActionState,
  useEffect,
  useEffectEvent,
  useRef,
  useState,
} from 'react';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import type { FormAction } from '@/components/ui/formState';
import { Spinner } from '@/components/ui/Spinner';
import { type AnswerKind, answerOf } from './answers';

const TYPING_MS = 600;
const RETRY_MS = 3_000;

interface Props {
  attemptId: string;
  activityId: string;
  /** When the attempt closes, in milliseconds from when the page was made; null without a limit. */
  closesIn: number | null;
  action: FormAction;
  labels: {
    submit: string;
    autosave: string;
    saving: string;
    saved: string;
    saveFailed: string;
    submitAnyway: string;
    goToUnanswered: string;
  };
  /** By how many questions are without an answer, from 1 on. */
  unansweredLabels: string[];
  children: ReactNode;
}

type Saving = 'idle' | 'saving' | 'saved' | 'failed';

/**
 * The quiz as one form. Each answer is kept on the server as soon as it is given, so that a closed tab loses
 * nothing; handing in sends all of them once more.
 */
export function QuizForm({
  attemptId,
  activityId,
  closesIn,
  action,
  labels,
  unansweredLabels,
  children,
}: Props) {
  const [state, dispatch, pending] = useActionState(action, {});
  const [saving, setSaving] = useState<Saving>('idle');
  const [unanswered, setUnanswered] = useState<string[]>([]);
  const form = useRef<HTMLFormElement>(null);
  const handedIn = useRef(false);
  /** Answers that are on their way to being kept. */
  const pendingAnswers = useRef(
    new Map<string, { kind: AnswerKind; timer: ReturnType<typeof setTimeout> }>(),
  );

  function submit(anyway: boolean) {
    const element = form.current;
    if (!element) return;
    const data = new FormData(element);
    const missing = [...element.querySelectorAll<HTMLElement>('[data-question]')]
      .filter(({ dataset }) => !answerOf(data, dataset.kind as AnswerKind, dataset.question ?? ''))
      .map(({ dataset }) => dataset.question ?? '');
    if (missing.length > 0 && !anyway) {
      setUnanswered(missing);
      return;
    }
    // Handing in carries every answer: keeping one afterwards would be refused.
    for (const { timer } of pendingAnswers.current.values()) clearTimeout(timer);
    pendingAnswers.current.clear();
    handedIn.current = true;
    startTransition(() => dispatch(data));
  }

  const handIn = useEffectEvent(submit);

  // The result takes this form's place at the same address: begin reading it at its beginning.
  useEffect(
    () => () => {
      if (!handedIn.current) return;
      window.scrollTo({ top: 0 });
      requestAnimationFrame(() => document.getElementById('result')?.focus({ preventScroll: true }));
    },
    [],
  );

  useEffect(() => {
    const element = form.current;
    if (!element) return;
    const waiting = pendingAnswers.current;
    let inFlight = 0;

    async function send(questionId: string, kind: AnswerKind) {
      const entry = waiting.get(questionId);
      if (entry) clearTimeout(entry.timer);
      waiting.delete(questionId);
      if (!element) return;
      const answer =
        answerOf(new FormData(element), kind, questionId) ??
        // What was taken back is kept as nothing chosen; a boolean cannot be taken back.
        (kind === 'options' ? { kind, ids: [] } : kind === 'text' ? { kind, value: '' } : null);
      if (!answer) return;
      inFlight += 1;
      setSaving('saving');
      try {
        const response = await fetch(`/api/attempts/${attemptId}/answers/${questionId}`, {
          method: 'PUT',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ answer }),
          keepalive: true,
        });
        if (response.status >= 500 || response.status === 429) throw new Error(String(response.status));
        inFlight -= 1;
        // The attempt ended meanwhile (time limit, another tab): show it as it is now.
        if (response.status === 409) location.reload();
        else if (inFlight === 0 && waiting.size === 0) setSaving(response.ok ? 'saved' : 'failed');
      } catch {
        inFlight -= 1;
        setSaving('failed');
        schedule(questionId, kind, RETRY_MS);
      }
    }

    function schedule(questionId: string, kind: AnswerKind, wait: number) {
      clearTimeout(waiting.get(questionId)?.timer);
      waiting.set(questionId, { kind, timer: setTimeout(() => void send(questionId, kind), wait) });
    }

    function change(event: Event) {
      const field =
        event.target instanceof Element ? event.target.closest<HTMLElement>('[data-question]') : null;
      const questionId = field?.dataset.question;
      if (!field || !questionId) return;
      const kind = field.dataset.kind as AnswerKind;
      schedule(questionId, kind, kind === 'text' && event.type === 'input' ? TYPING_MS : 0);
    }

    function leave() {
      if (document.visibilityState !== 'hidden') return;
      for (const [questionId, { kind }] of waiting) void send(questionId, kind);
    }

    element.addEventListener('input', change);
    element.addEventListener('change', change);
    document.addEventListener('visibilitychange', leave);
    const close = closesIn === null ? undefined : setTimeout(() => handIn(true), Math.max(0, closesIn));
    return () => {
      element.removeEventListener('input', change);
      element.removeEventListener('change', change);
      document.removeEventListener('visibilitychange', leave);
      clearTimeout(close);
      for (const [questionId, { kind }] of waiting) void send(questionId, kind);
    };
  }, [attemptId, closesIn]);

  const said = {
    idle: labels.autosave,
    saving: labels.saving,
    saved: labels.saved,
    failed: labels.saveFailed,
  }[saving];
  return (
    <form
      ref={form}
      id="quiz"
      action={dispatch}
      onSubmit={(event) => {
        event.preventDefault();
        if (!pending) submit(false);
      }}
      aria-busy={pending}
    >
      <input type="hidden" name="attempt" value={attemptId} />
      <input type="hidden" name="activity" value={activityId} />
      <div className="space-y-6">{children}</div>
      {state.problem && (
        <Alert tone="danger" className="mt-6">
          {state.problem.detail}
        </Alert>
      )}
      {unanswered.length > 0 && (
        <Alert tone="warning" className="mt-6">
          <p>{unansweredLabels[unanswered.length - 1]}</p>
          <p className="mt-3 flex flex-wrap gap-3">
            <Button
              size="small"
              variant="secondary"
              onClick={() => {
                document.getElementById(`question-${unanswered[0]}`)?.focus();
                setUnanswered([]);
              }}
            >
              {labels.goToUnanswered}
            </Button>
            <Button size="small" onClick={() => submit(true)}>
              {labels.submitAnyway}
            </Button>
          </p>
        </Alert>
      )}
      <div className="sticky bottom-0 mt-8 flex flex-wrap items-center justify-between gap-4 border-t border-line bg-paper py-4">
        <p
          role="status"
          className={saving === 'failed' ? 'text-sm text-danger-text' : 'text-sm text-ink-soft'}
        >
          {said}
        </p>
        <Button type="submit" size="large" aria-disabled={pending || undefined}>
          {pending && <Spinner />}
          {labels.submit}
        </Button>
      </div>
    </form>
  );
}
