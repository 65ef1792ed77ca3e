import type { OutlineActivity } from '@preau/contract/tenant/learning';

const ring = 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18Z';
const drawings: Record<OutlineActivity['state'], { className: string; d: string }> = {
  completed: { className: 'text-success', d: `${ring}m-4 9.2 2.8 2.8L16 9.8` },
  started: { className: 'text-brand-text', d: `${ring}M12 7.5V12l3 2` },
  open: { className: 'text-ink-faint', d: ring },
  failed: { className: 'text-warning-text', d: `${ring}m0 4.5v5.5m0 3v.1` },
  locked: { className: 'text-ink-faint', d: 'M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3' },
};

/** How far an activity is, drawn; the words are the label beside it or `label`. */
export function StateIcon({ state, label }: { state: OutlineActivity['state']; label: string }) {
  const { className, d } = drawings[state];
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox="0 0 24 24"
      className={`size-5 shrink-0 ${className}`}
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinecap="round"
      strokeLinejoin="round"
    >
      <path d={d} />
    </svg>
  );
}
