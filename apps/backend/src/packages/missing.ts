import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Locale } from '@preau/contract';

const TEXTS: Record<Locale, string> = {
  fr: 'Ce contenu n’est plus disponible à cette adresse. Rechargez la page.',
  en: 'This content is no longer available at this address. Reload the page.',
};
const STYLE = 'body{font:1rem/1.5 system-ui,sans-serif;margin:2rem;color:#333;background:#fff}';
/** The page around the frame says it in its own words, with a button: see apps/lms documents/browser/package.ts. */
const SCRIPT = `parent.postMessage('preau:content-missing','*')`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** A page instead of a problem document: people see it, inside the frame where the content should be. */
export function answerMissing(response: ServerResponse, locale: Locale, platform: string): void {
  const body = `<!doctype html><html lang="${locale}"><meta charset="utf-8"><title>404</title><style>${STYLE}</style><p>${TEXTS[locale]}</p><script>${SCRIPT}</script></html>`;
  response.writeHead(404, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'content-security-policy': `sandbox allow-scripts; default-src 'none'; script-src ${hashOf(SCRIPT)}; style-src ${hashOf(STYLE)}; frame-ancestors ${platform}`,
    'referrer-policy': 'no-referrer',
  });
  response.end(body);
}
