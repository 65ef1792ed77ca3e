import { publicPages, unlisted } from '#lib/paths.ts';
import { PREAU_PUBLIC_URL } from '$app/env/private';
import type { RequestHandler } from './$types.js';

const entries = publicPages
  .filter(({ path }) => !unlisted.includes(path))
  .flatMap(({ fr, en }) => [fr, en].map((path) => ({ path, fr, en })))
  .map(
    ({ path, fr, en }) => `  <url>
    <loc>${PREAU_PUBLIC_URL}${path}</loc>
    <xhtml:link rel="alternate" hreflang="fr" href="${PREAU_PUBLIC_URL}${fr}"/>
    <xhtml:link rel="alternate" hreflang="en" href="${PREAU_PUBLIC_URL}${en}"/>
    <xhtml:link rel="alternate" hreflang="x-default" href="${PREAU_PUBLIC_URL}${fr}"/>
  </url>`,
  )
  .join('\n');
const xml = `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${entries}
</urlset>
`;

export const GET: RequestHandler = () =>
  new Response(xml, {
    headers: { 'content-type': 'application/xml; charset=utf-8', 'cache-control': 'max-age=3600' },
  });
