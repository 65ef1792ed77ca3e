'use client';

import {
  type ComponentProps,
  createContext,
  type FormEvent,
  startTransition,
  use,
  useActionState,
  useEffect,
  useRef,
  useState,
} from 'react';
import { Alert } from './Alert';
import { classes } from './classes';
import type { FormAction, FormState } from './formState';
import { useReadOnly } from './ReadOnly';
import { forgetTyped, keepAllTyped, takeTyped } from './typed';

interface FormContext {
  id: string;
  state: FormState;
  pending: boolean;
}

/** A little less than what a server action takes; files are checked by the pages that take them. */
const MAX_CHARACTERS = 500_000;
const tooLong = {
  fr: 'C’est trop long pour être envoyé. Raccourcissez le texte et recommencez.',
  en: 'This is too long to be sent. Shorten the text and try again.',
};

function charactersOf(data: FormData): number {
  let characters = 0;
  for (const value of data.values()) if (typeof value === 'string') characters += value.length;
  return characters;
}

const Context = createContext<FormContext>({ id: '', state: {}, pending: false });

/** The state of the form around a part: its errors, what was typed, whether it is on its way. */
export const useForm = () => use(Context);

interface Props extends Omit<ComponentProps<'form'>, 'action'> {
  id: string;
  action: FormAction;
  /** « Référence », in the page's language. */
  referenceLabel: string;
  /** Clears the form after success; a form that edits something keeps what it shows. */
  resetOnSuccess?: boolean;
}

/**
 * A form over a server action: works before JavaScript has loaded, says what was refused beside the field,
 * and never loses what was typed.
 */
export function Form({ id, action, referenceLabel, resetOnSuccess = false, children, ...props }: Props) {
  const [state, dispatch, pending] = useActionState(action, {});
  const [refused, setRefused] = useState('');
  const readOnly = useReadOnly();
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    for (const [name, value] of takeTyped(id)) {
      const field = form.current?.elements.namedItem(name);
      if (
        (field instanceof HTMLInputElement && field.type !== 'checkbox') ||
        field instanceof HTMLTextAreaElement ||
        field instanceof HTMLSelectElement
      )
        field.value = value;
    }
  }, [id]);

  useEffect(() => {
    if (state.problem || state.notice) forgetTyped(id);
    if (state.problem) {
      const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      (wrong ?? form.current?.querySelector<HTMLElement>('[role="alert"]'))?.focus();
    } else if (state.notice && resetOnSuccess) {
      form.current?.reset();
    }
  }, [id, state, resetOnSuccess]);

  // Dispatching by hand rather than by `action` alone: React would empty the fields afterwards.
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const submitter = (event.nativeEvent as SubmitEvent).submitter;
    const data = new FormData(event.currentTarget, submitter);
    // Refused by the server before any action could answer, it would take the page and what was typed with it.
    const large = charactersOf(data) > MAX_CHARACTERS;
    setRefused(large ? tooLong[document.documentElement.lang === 'en' ? 'en' : 'fr'] : '');
    if (large) return;
    keepAllTyped(event.currentTarget, data);
    startTransition(() => dispatch(data));
  }

  if (readOnly)
    return (
      <form id={id}>
        <fieldset disabled className={classes('min-w-0', props.className)}>
          {children}
        </fieldset>
      </form>
    );
  return (
    <Context value={{ id, state, pending }}>
      <form {...props} id={id} ref={form} action={dispatch} onSubmit={submit} noValidate aria-busy={pending}>
        {refused && (
          <Alert tone="danger" className="mb-5">
            {refused}
          </Alert>
        )}
        {state.problem && !refused && (
          <Alert tone="danger" tabIndex={-1} className="mb-5">
            <p>{state.problem.detail}</p>
            {state.problem.name === 'internal-error' || state.problem.name === 'unavailable' ? (
              <p className="mt-1 text-sm">
                {referenceLabel} <code>{state.problem.reference}</code>
              </p>
            ) : null}
          </Alert>
        )}
        {state.notice && !refused && (
          <Alert tone="success" className="mb-5">
            {state.notice}
          </Alert>
        )}
        {children}
      </form>
    </Context>
  );
}
