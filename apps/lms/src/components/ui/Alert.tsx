import { cva, type VariantProps } from 'class-variance-authority';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import type { ComponentProps } from 'react';
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
const icons = { info: Info, success: CircleCheck, warning: TriangleAlert, danger: CircleAlert };

/** Something the reader should know; refusals are announced at once, the rest politely. */
export function Alert({
  tone,
  className,
  children,
  ...props
}: ComponentProps<'div'> & VariantProps<typeof style>) {
  const Icon = icons[tone ?? 'info'];
  return (
    <div
      role={tone === 'danger' ? 'alert' : 'status'}
      className={classes(style({ tone }), className)}
      {...props}
    >
      <Icon aria-hidden="true" />
      <div className="min-w-0 flex-1">{children}</div>
    </div>
  );
}
