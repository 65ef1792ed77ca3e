'use client';

import type { ComponentProps } from 'react';
import { Confirmation } from './Confirmation';
import { SubmitButton } from './SubmitButton';

interface Props extends Omit<ComponentProps<typeof Confirmation>, 'act'> {
  /** On the button that sends the form. */
  confirm: string;
}

/** Sends the `<Form>` around it once its visitor has read what comes of it. */
export function ConfirmedSubmit({ confirm, ...props }: Props) {
  return (
    <Confirmation
      {...props}
      act={(close) => (
        <SubmitButton variant="danger" onClick={close}>
          {confirm}
        </SubmitButton>
      )}
    />
  );
}
