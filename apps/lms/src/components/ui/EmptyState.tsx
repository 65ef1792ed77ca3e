import type { ReactNode } from 'react';

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
    <div className="rounded-xl border border-dashed border-line-strong px-6 py-12 text-center">
      <svg viewBox="0 0 120 56" className="mx-auto mb-5 h-14 text-brand-line" fill="none" aria-hidden="true">
        <path
          d="M2 12h116M8 54V32a14 14 0 0 1 28 0v22M46 54V32a14 14 0 0 1 28 0v22M84 54V32a14 14 0 0 1 28 0v22"
          stroke="currentColor"
          strokeWidth="3"
        />
        <path d="M46 54V32a14 14 0 0 1 28 0v22Z" className="fill-accent-soft" />
      </svg>
      <p className="font-heading text-lg font-semibold">{title}</p>
      {children && <div className="mx-auto mt-2 max-w-md text-ink-soft">{children}</div>}
      {action && <div className="mt-5">{action}</div>}
    </div>
  );
}
