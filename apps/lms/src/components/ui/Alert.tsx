import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { Icon } from '@/html/Icon';
import { classes } from './classes';

const style = cva('flex gap-3 rounded-lg border p-4 text-sm [&>svg]:mt-0.5 [&>svg]:size-5 [&>svg]:shrink-0', {
  variants: {
    tone: {
      info: 'border-info-line bg-info-soft text-info-text',
      success: 'border-success-line bg-success-soft text-success-text',
      warning: 'border-warning-line bg-warning-soft text-warning-text',
      danger: 'border-danger-line bg-danger-soft text-danger-text',
    },
  },
  defaultVariants: { tone: 'info' },
});
const icons = { info: 'info', success: 'completed', warning: 'triangle-alert', danger: 'failed' } as const;

/** Something the reader should know; refusals are announced at once, the rest politely. */
export function Alert({
  tone,
  className,
  children,
  ...props
}: ComponentProps<'div'> & VariantProps<typeof style>) {
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={classes(style({ tone }), className)}
      {...props}
    >
      <Icon name={icons[tone ?? 'info']} />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
