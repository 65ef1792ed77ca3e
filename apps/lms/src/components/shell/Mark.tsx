/** The house's arches in the colours of the page. */
export function Mark({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} fill="none" aria-hidden="true">
      <path
        className="fill-brand"
        d="M2 7a3 3 0 0 1 3-3h22a3 3 0 0 1 3 3v21h-3V17.5a4.75 4.75 0 0 0-9.5 0V28h-3V17.5a4.75 4.75 0 0 0-9.5 0V28H2Z"
      />
      <path className="fill-accent" d="M17.5 28V17.5a4.75 4.75 0 0 1 9.5 0V28Z" />
    </svg>
  );
}
