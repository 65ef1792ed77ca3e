import type { IconName } from './icon';

/** A drawing of public/icons.svg beside words that say the same; `icon()` is the same for templates. */
export function Icon({ name, className = '' }: { name: IconName; className?: string }) {
  return (
    <svg className={`icon ${className}`} aria-hidden="true">
      <use href={`/icons.svg#${name}`} />
    </svg>
  );
}
