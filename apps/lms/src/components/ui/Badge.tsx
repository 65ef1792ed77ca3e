import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { classes } from './classes';

const style = cva(
  'inline-flex items-center gap-1.5 rounded-full border px-2.5 py-0.5 text-xs font-semibold whitespace-nowrap [&_svg]:size-3.5',
  {
    variants: {
      tone: {
        neutral: 'border-line bg-sunken text-ink-soft',
        brand: 'border-brand-line bg-brand-soft text-brand-text',
        info: 'border-info-line bg-info-soft text-info-text',
        success: 'border-success-line bg-success-soft text-success-text',
        warning: 'border-warning-line bg-warning-soft text-warning-text',
        danger: 'border-danger-line bg-danger-soft text-danger-text',
      },
    },
    defaultVariants: { tone: 'neutral' },
  },
);

export function Badge({ tone, className, ...props }: ComponentProps<'span'> & VariantProps<typeof style>) {
  return <span className={classes(style({ tone }), className)} {...props} />;
}
