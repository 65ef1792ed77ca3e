'use client';

import { type ComponentProps, useId, useRef } from 'react';
import { Button } from './Button';
import type { ButtonStyle } from './buttonStyle';
import { SubmitButton } from './SubmitButton';

interface Props extends ComponentProps<'button'>, ButtonStyle {
  /** What is about to happen, as a question or in a few words. */
  title: string;
  /** What comes of it. */
  lead: string;
  /** On the button that sends the form. */
  confirm: string;
  cancel: string;
}

/** Sends the `<Form>` around it once its visitor has read what comes of it, in the browser's own dialog. */
export function ConfirmedSubmit({ title, lead, confirm, cancel, ...opener }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  return (
    <>
      <Button {...opener} aria-haspopup="dialog" onClick={() => dialog.current?.showModal()} />
      <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-lead`}>
        <h2 id={`${id}-title`} className="text-xl">
          {title}
        </h2>
        <p id={`${id}-lead`} className="mt-3 text-ink-soft">
          {lead}
        </p>
        <div className="mt-6 flex flex-wrap justify-end gap-3">
          <Button variant="secondary" onClick={() => dialog.current?.close()}>
            {cancel}
          </Button>
          <SubmitButton variant="danger" onClick={() => dialog.current?.close()}>
            {confirm}
          </SubmitButton>
        </div>
      </dialog>
    </>
  );
}
