import type { Site } from '@preau/contract/tenant/site';

const MAX_DESCRIPTION = 160;

/** The title of a page as the window shows it. */
export const windowTitle = (title: string, site: Site) => `${title} · ${site.name}`;

/** What search engines say of a page. */
export const described = (text: string) => text.slice(0, MAX_DESCRIPTION);

/** The first link of a page, seen once the Tab key reaches it. */
export const skipStyle =
  'sr-only z-50 rounded-lg bg-brand px-4 py-2 font-semibold text-on-brand focus:not-sr-only focus:fixed focus:top-3 focus:left-3';
