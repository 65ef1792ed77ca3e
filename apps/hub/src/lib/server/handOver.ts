import { randomBytes } from 'node:crypto';
import * as m from '#lib/paraglide/messages.js';

const escaped = (text: string) =>
  text.replace(
    /[&<>"]/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? sign,
  );

/**
 * Hands somebody over to a platform: a one-time token, posted (never in an address) by a form that sends itself, with
 * a button where scripts do not run.
 */
export function handOver(locale: string, { action, token }: { action: string; token: string }): Response {
  const nonce = randomBytes(16).toString('base64');
  const html = `<!doctype html>
<html lang="${locale}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>${escaped(m.open_title())}</title></head>
<body><form method="post" action="${escaped(action)}"><input type="hidden" name="token" value="${escaped(token)}">
<noscript><button>${escaped(m.open_button())}</button></noscript></form>
<script nonce="${nonce}">document.forms[0].submit()</script></body></html>`;
  return new Response(html, {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'origin',
      'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; base-uri 'none'; form-action ${new URL(action).origin}; frame-ancestors 'none'`,
      'preau-own-policy': '1',
    },
  });
}
