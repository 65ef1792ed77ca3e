import type { ComponentProps } from 'react';
import { classes } from './classes';

export function Card({ className, ...props }: ComponentProps<'div'>) {
  return (
    <div className={classes('rounded-xl border border-line bg-surface p-5 sm:p-6', className)} {...props} />
  );
}
