'use client';

import type { ComponentProps } from 'react';
import { Button } from './Button';
import type { ButtonStyle } from './buttonStyle';
import { useForm } from './Form';
import { Spinner } from './Spinner';

/** Sends the `<Form>` around it; says so while it is on its way. */
export function SubmitButton({ children, ...props }: ComponentProps<'button'> & ButtonStyle) {
  const { pending } = useForm();
  return (
    <Button {...props} type="submit" aria-disabled={pending || undefined}>
      {pending && <Spinner />}
      {children}
    </Button>
  );
}
