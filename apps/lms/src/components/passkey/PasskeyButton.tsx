'use client';

import type { PasskeyRequest } from '@preau/contract/authentication';
import { useEffect, useRef, useState, useTransition } from 'react';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import type { ButtonStyle } from '@/components/ui/buttonStyle';
import type { FormState } from '@/components/ui/formState';
import { Spinner } from '@/components/ui/Spinner';
import { getPasskey, offersBeside, type PasskeyFailure, takeBack } from './passkey';

/** The server forgets its question after five minutes. */
const RENEW_MS = 240_000;

interface Props extends ButtonStyle {
  label: string;
  /** The question, from the backend. */
  begin: () => Promise<{ options: PasskeyRequest } | FormState>;
  /** Takes the browser's answer, as JSON text; goes on elsewhere where it is right. */
  finish: (answer: string, next: string) => Promise<FormState>;
  next: string;
  /** Also offers the passkey in the list of the field that says `webauthn`. */
  beside?: boolean;
  words: Record<Exclude<PasskeyFailure, 'known'>, string>;
}

/** Proves who somebody is by a passkey of this browser. */
export function PasskeyButton({ label, begin, finish, next, words, beside = false, ...style }: Props) {
  const [pending, start] = useTransition();
  const [trouble, setTrouble] = useState('');

  const busy = useRef(false);
  busy.current = pending;

  useEffect(() => {
    if (!beside) return;
    let left = false;
    let timer: ReturnType<typeof setInterval> | undefined;
    async function offer() {
      if (busy.current) return;
      const asked = await begin();
      if (left || !('options' in asked)) return;
      const answer = await getPasskey(asked.options, { beside: true });
      // Nobody took it, or the button took its place.
      if (left || typeof answer !== 'string') return;
      const state = await finish(answer, next);
      if (state?.problem) setTrouble(state.problem.detail);
    }
    void offersBeside().then((able) => {
      if (!able || left) return;
      void offer();
      timer = setInterval(offer, RENEW_MS);
    });
    return () => {
      left = true;
      clearInterval(timer);
      takeBack();
    };
  }, [beside, begin, finish, next]);

  function ask() {
    if (pending) return;
    start(async () => {
      setTrouble('');
      const asked = await begin();
      if (!('options' in asked)) return setTrouble(asked.problem?.detail ?? words.failed);
      const answer = await getPasskey(asked.options);
      if (typeof answer !== 'string')
        return setTrouble(answer.failure === 'known' ? words.failed : words[answer.failure]);
      const state = await finish(answer, next);
      if (state?.problem) setTrouble(state.problem.detail);
    });
  }

  return (
    <>
      {trouble && (
        <Alert tone="warning" className="mb-4">
          {trouble}
        </Alert>
      )}
      <Button {...style} className="w-full" onClick={ask} aria-disabled={pending || undefined}>
        {pending && <Spinner />}
        {label}
      </Button>
    </>
  );
}
