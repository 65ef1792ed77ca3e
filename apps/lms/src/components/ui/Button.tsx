import type { ComponentProps } from 'react';
import { classes } from './classes';

export interface ButtonStyle {
  variant?: 'primary' | 'secondary' | 'quiet' | 'link' | 'danger';
  size?: 'small' | 'medium' | 'large' | 'icon';
}

/** The classes of a button, for an element that is one without being `<Button>`. */
export const buttonStyle = ({ variant = 'primary', size = 'medium' }: ButtonStyle = {}) =>
  `button button-${size} button-${variant}`;

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
