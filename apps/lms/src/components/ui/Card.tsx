import type { ComponentProps } from 'react';
import { classes } from './classes';

export function Card({ className, ...props }: ComponentProps<'div'>) {
  return <div className={classes('card', className)} {...props} />;
}
