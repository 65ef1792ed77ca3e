import { PREAU_PUBLIC_URL } from '$app/env/private';
import type { RequestHandler } from './$types.js';

const text = `User-agent: *
Disallow: /start
Disallow: /en/start
Disallow: /orders
Disallow: /en/orders
Disallow: /account
Disallow: /en/account
Disallow: /admin
Disallow: /en/admin
Disallow: /outbox
Disallow: /en/outbox

Sitemap: ${PREAU_PUBLIC_URL}/sitemap.xml
`;

export const GET: RequestHandler = () =>
  new Response(text, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'max-age=3600' },
  });
