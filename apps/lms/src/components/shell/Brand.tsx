import { createHash } from 'node:crypto';
import type { Site } from '@preau/contract/tenant/site';
import { Mark } from './Mark';

/** A short name of what the logo is now, so that browsers may keep it for ever. */
function versionOf(logo: string): string {
  return createHash('sha256').update(logo).digest('base64url').slice(0, 10);
}

/** The tenant's logo, or its name under our arches. */
export function Brand({ site, label }: { site: Site; label: string }) {
  return (
    <a href="/" aria-label={label} className="flex min-w-0 items-center gap-2.5 text-ink no-underline">
      {site.logo ? (
        // Nothing to optimise: the backend keeps logos small.
        // biome-ignore lint/performance/noImgElement: no image optimisation inside an instance
        <img
          src={site.logo.startsWith('/') ? site.logo : `/brand/logo?v=${versionOf(site.logo)}`}
          alt=""
          height={36}
          className="h-9 w-auto max-w-40 object-contain"
        />
      ) : (
        <Mark className="size-8 shrink-0" />
      )}
      <span className="truncate font-heading text-lg font-bold tracking-tight">{site.name}</span>
    </a>
  );
}
