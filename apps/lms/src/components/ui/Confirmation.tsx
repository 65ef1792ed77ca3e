'use client';

import { type ComponentProps, type ReactNode, useId, useRef } from 'react';
import { Button } from './Button';
import type { ButtonStyle } from './buttonStyle';

interface Props extends ComponentProps<'button'>, ButtonStyle {
  /** What is about to happen, as a question or in a few words. */
  title: string;
  /** What comes of it. */
  lead: string;
  cancel: string;
  /** The button that does it, and closes the dialog. */
  act: (close: () => void) => ReactNode;
}

/** A button whose visitor reads what comes of it first, in the browser's own dialog. */
export function Confirmation({ title, lead, cancel, act, ...opener }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = () => dialog.current?.close();
  return (
    <>
      <Button {...opener} aria-haspopup="dialog" onClick={() => dialog.current?.showModal()} />
      <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-lead`}>
        <h2 id={`${id}-title`} className="text-xl break-words">
          {title}
        </h2>
        <p id={`${id}-lead`} className="mt-3 text-ink-soft">
          {lead}
        </p>
        <div className="mt-6 flex flex-wrap justify-end gap-3">
          <Button variant="secondary" onClick={close}>
            {cancel}
          </Button>
          {act(close)}
        </div>
      </dialog>
    </>
  );
}
