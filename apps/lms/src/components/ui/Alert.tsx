import type { ComponentProps } from 'react';
import { Icon } from '@/html/Icon';
import { classes } from './classes';

const icons = { info: 'info', success: 'completed', warning: 'triangle-alert', danger: 'failed' } as const;

/** Something the reader should know; refusals are announced at once, the rest politely. */
export function Alert({
  tone = 'info',
  className,
  children,
  ...props
}: ComponentProps<'div'> & { tone?: keyof typeof icons }) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={classes('alert', `tone-${tone}`, className)}
      {...props}
    >
      <Icon name={icons[tone]} />
      <div>{children}</div>
    </div>
  );
}
