import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Html } from '@preau/design/html';
import { readBody } from '../http/exchange.ts';
import type { Language } from '../page/words.ts';

/** One request for a page, its language decided. */
export interface Visit {
  request: IncomingMessage;
  response: ServerResponse;
  url: URL;
  /** Path segments after the first. */
  path: readonly string[];
}

/** `?lang=` as chosen on the page, or what the page's own data says. */
export function languageOf(visit: Visit, otherwise: Language): Language {
  const chosen = visit.url.searchParams.get('lang');
  return chosen === 'fr' || chosen === 'en' ? chosen : otherwise;
}

export async function readForm(visit: Visit): Promise<URLSearchParams> {
  return new URLSearchParams(await readBody(visit.request));
}

const CONTROL = /\p{Cc}/gu;

/** A field as it was typed, without what no text field can hold. */
export const typed = (form: URLSearchParams, name: string, max = 200): string =>
  (form.get(name) ?? '').replaceAll(CONTROL, ' ').slice(0, max).toWellFormed();

/** @param leavesTo origins that a form of this page may lead to (browsers count redirects) */
export function page(visit: Visit, status: number, body: Html, leavesTo: readonly string[] = []): void {
  const text = body.text;
  visit.response.writeHead(status, {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'Content-Security-Policy': `default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action ${["'self'", ...leavesTo].join(' ')}`,
    // Not no-referrer: a form would then send `Origin: null`, and we check it.
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()',
  });
  visit.response.end(visit.request.method === 'HEAD' ? undefined : text);
}

export function leave(visit: Visit, location: string): void {
  visit.response
    .writeHead(303, {
      Location: location,
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
    })
    .end();
}
