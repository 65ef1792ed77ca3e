/** How much is done, 0–100, with its words for those who do not see it. */
export function Progress({
  percent,
  label,
  className,
}: {
  percent: number;
  label: string;
  className?: string;
}) {
  return <progress value={percent} max={100} aria-label={label} className={className} />;
}
