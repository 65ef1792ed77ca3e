import type { ComponentProps } from 'react';
import { classes } from './classes';

interface Props extends ComponentProps<'span'> {
  tone?: 'neutral' | 'brand' | 'info' | 'success' | 'warning' | 'danger';
}

export function Badge({ tone = 'neutral', className, ...props }: Props) {
  return <span className={classes('badge', tone !== 'neutral' && `tone-${tone}`, className)} {...props} />;
}
