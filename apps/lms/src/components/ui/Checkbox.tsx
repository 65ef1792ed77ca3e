import type { ComponentProps } from 'react';

/** A labelled box to tick. */
export function Checkbox({
  label,
  name,
  ...props
}: ComponentProps<'input'> & { label: string; name: string }) {
  return (
    <label className="flex items-start gap-3">
      <input {...props} type="checkbox" name={name} className="mt-1 size-4 shrink-0 accent-brand" />
      <span>{label}</span>
    </label>
  );
}
