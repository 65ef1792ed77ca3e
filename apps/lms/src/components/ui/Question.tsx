'use client';

import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { Button } from './Button';
import { classes } from './classes';
import { inputStyle } from './inputStyle';

export interface Asked {
  title: string;
  label: string;
  hint?: string;
  /** What is there already. */
  value?: string;
  /** On the button that gives the answer. */
  confirm: string;
  /** Takes the answer, or says in words what is wrong with it: the dialog then stays as it is. */
  take(answer: string): string | undefined;
  /** Another way out than an answer, such as taking away what is there. */
  other?: { label: string; act(): void };
}

interface Props {
  /** Null where nothing is asked. */
  asked: Asked | null;
  cancel: string;
  onClose(): void;
}

/** One question with one field, in the browser's own dialog. */
export function Question({ asked, cancel, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string>();
  const id = useId();

  useEffect(() => {
    if (!asked) return;
    setError(undefined);
    dialog.current?.showModal();
    input.current?.select();
  }, [asked]);

  function answer(event: FormEvent) {
    event.preventDefault();
    // React hands it on to the form that the dialog may stand in.
    event.stopPropagation();
    const wrong = asked?.take(input.current?.value.trim() ?? '');
    if (!wrong) return dialog.current?.close();
    setError(wrong);
    input.current?.focus();
  }

  const described = [asked?.hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ');
  return (
    <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} onClose={onClose}>
      {asked && (
        <form onSubmit={answer} noValidate>
          <h2 id={`${id}-title`} className="text-xl break-words">
            {asked.title}
          </h2>
          <div className="mt-4 space-y-1.5">
            <label htmlFor={id} className="block text-sm font-semibold">
              {asked.label}
            </label>
            {asked.hint && (
              <p id={`${id}-hint`} className="text-sm text-ink-soft">
                {asked.hint}
              </p>
            )}
            <input
              ref={input}
              id={id}
              type="text"
              autoComplete="off"
              defaultValue={asked.value}
              aria-describedby={described || undefined}
              aria-invalid={error ? true : undefined}
              className={classes(inputStyle, 'h-11')}
            />
            {error && (
              <p id={`${id}-error`} role="alert" className="text-sm font-medium text-danger-text">
                {error}
              </p>
            )}
          </div>
          <div className="mt-6 flex flex-wrap justify-end gap-3">
            <Button variant="secondary" onClick={() => dialog.current?.close()}>
              {cancel}
            </Button>
            {asked.other && (
              <Button
                variant="secondary"
                onClick={() => {
                  dialog.current?.close();
                  asked.other?.act();
                }}
              >
                {asked.other.label}
              </Button>
            )}
            <Button type="submit">{asked.confirm}</Button>
          </div>
        </form>
      )}
    </dialog>
  );
}
