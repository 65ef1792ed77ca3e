'use client';

import type { PasskeyRequest } from '@preau/contract/authentication';
import { useState, useTransition } from 'react';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import type { ButtonStyle } from '@/components/ui/buttonStyle';
import type { FormState } from '@/components/ui/formState';
import { Spinner } from '@/components/ui/Spinner';
import { getPasskey, type PasskeyFailure } from './passkey';

interface Props extends ButtonStyle {
  label: string;
  /** The question, from the backend. */
  begin: () => Promise<{ options: PasskeyRequest } | FormState>;
  /** Takes the browser's answer, as JSON text; goes on elsewhere where it is right. */
  finish: (answer: string, next: string) => Promise<FormState>;
  next: string;
  words: Record<Exclude<PasskeyFailure, 'known'>, string>;
}

/** Proves who somebody is by a passkey of this browser. */
export function PasskeyButton({ label, begin, finish, next, words, ...style }: Props) {
  const [pending, start] = useTransition();
  const [trouble, setTrouble] = useState('');

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
