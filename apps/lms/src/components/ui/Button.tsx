import type { ComponentProps } from 'react';
import { type ButtonStyle, buttonStyle } from './buttonStyle';
import { classes } from './classes';

export function Button({
  variant,
  size,
  className,
  type = 'button',
  ...props
}: ComponentProps<'button'> & ButtonStyle) {
  return <button type={type} className={classes(buttonStyle({ variant, size }), className)} {...props} />;
}

/** A link that looks like a button; `components/shell/Navigation` makes it a soft navigation. */
export function ButtonLink({ variant, size, className, ...props }: ComponentProps<'a'> & ButtonStyle) {
  return <a className={classes(buttonStyle({ variant, size }), className)} {...props} />;
}
