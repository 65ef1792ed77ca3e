import type { ReactNode } from 'react';
import { emptyDrawing, emptyStyle } from '@/html/parts';
import { Static } from '@/html/Static';

/** A list without anything in it: what it is for, and the first thing to do. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className={emptyStyle}>
      <Static content={emptyDrawing} />
      <p className="font-heading text-lg font-semibold">{title}</p>
      {children && <div className="mx-auto mt-2 max-w-md text-ink-soft">{children}</div>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
