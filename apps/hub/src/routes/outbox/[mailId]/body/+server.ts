import type { RequestHandler } from './$types.js';

/** The mail as a mail program would show it: no script, nothing from elsewhere, links open the whole page. */
export const GET: RequestHandler = async ({ locals, params }) => {
  const { html } = await locals.api.readOutboxMail({ params });
  return new Response(html.replace(/<head[^>]*>/i, '$&<base target="_top">'), {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy':
        "default-src 'none'; style-src 'unsafe-inline'; img-src data: 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-top-navigation-by-user-activation allow-popups allow-popups-to-escape-sandbox",
      'preau-own-policy': '1',
    },
  });
};
