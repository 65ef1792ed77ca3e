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
} from 'react';
import { Alert } from './Alert';
import type { FormAction, FormState } from './formState';

interface FormContext {
  id: string;
  state: FormState;
  pending: boolean;
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
  const form = useRef<HTMLFormElement>(null);

  useEffect(() => {
    if (state.problem) {
      const wrong = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      (wrong ?? form.current?.querySelector<HTMLElement>('[role="alert"]'))?.focus();
    } else if (state.notice && resetOnSuccess) {
      form.current?.reset();
    }
  }, [state, resetOnSuccess]);

  // Dispatching by hand rather than by `action` alone: React would empty the fields afterwards.
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (pending) return;
    const submitter = (event.nativeEvent as SubmitEvent).submitter;
    const data = new FormData(event.currentTarget, submitter);
    startTransition(() => dispatch(data));
  }

  return (
    <Context value={{ id, state, pending }}>
      <form {...props} id={id} ref={form} action={dispatch} onSubmit={submit} noValidate aria-busy={pending}>
        {state.problem && (
          <Alert tone="danger" tabIndex={-1} className="mb-5">
            <p>{state.problem.detail}</p>
            {state.problem.name === 'internal-error' || state.problem.name === 'unavailable' ? (
              <p className="mt-1 text-sm">
                {referenceLabel} <code>{state.problem.reference}</code>
              </p>
            ) : null}
          </Alert>
        )}
        {state.notice && (
          <Alert tone="success" className="mb-5">
            {state.notice}
          </Alert>
        )}
        {children}
      </form>
    </Context>
  );
}
