import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Logger } from 'pino';
import { createApi } from './api/api.ts';
import type { Clock } from './clock.ts';
import type { Store } from './database/store.ts';
import { json } from './http/exchange.ts';
import { findInvoice } from './invoice/invoice.ts';
import { findAsset } from './page/assets.ts';
import { invoicePage } from './page/invoicePage.ts';
import { message } from './page/shell.ts';
import type { Word } from './page/words.ts';
import { say } from './page/words.ts';
import { findCustomer } from './payer/customer.ts';
import { Refusal } from './refusal.ts';
import { checkoutSite } from './site/checkoutSite.ts';
import { panelSite } from './site/panelSite.ts';
import { portalSite } from './site/portalSite.ts';
import type { Visit } from './site/visit.ts';
import { languageOf, page } from './site/visit.ts';

const limits = { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: 32 * 1024 };
const MAX_CONNECTIONS = 1_000;

export interface SandboxOptions {
  store: Store;
  clock: Clock;
  log: Logger;
  apiKey: string;
  publicUrl: string;
  panel: 'open' | 'key';
  isReady: () => boolean;
}

/** The provider's API, hosted pages and panel on one port; the caller listens and closes. */
export function createSandbox(options: SandboxOptions): Server {
  const { store, clock, log, publicUrl } = options;
  const api = createApi({ store, clock, apiKey: options.apiKey, publicUrl });
  const origin = new URL(publicUrl).origin;

  async function visitPage(visit: Visit, room: string): Promise<void> {
    const { request } = visit;
    // A form of another site may not act here (the panel and the portal know their visitor by the address alone).
    if (
      request.method === 'POST' &&
      request.headers.origin !== undefined &&
      request.headers.origin !== origin
    ) {
      throw new Refusal(403, 'invalid_request', 'origin', 'another site sent this form');
    }
    switch (room) {
      case 'checkout':
        return checkoutSite(store, visit);
      case 'portal':
        return portalSite(store, visit);
      case 'invoices': {
        const { invoice, customer } = await store.transact(async (tx) => {
          const found = await findInvoice(tx, visit.path[0] ?? '');
          return { invoice: found, customer: await findCustomer(tx, found.customerId) };
        });
        return page(visit, 200, invoicePage(invoice, languageOf(visit, customer.locale)));
      }
      case '':
        return panelSite({ ...options, access: options.panel }, visit, '');
      case 'panel':
        return panelSite({ ...options, access: options.panel }, visit, visit.path[0] ?? '');
      default:
        throw new Refusal(404, 'not_found', 'page', 'no such page');
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin);
    if (url.pathname === '/healthz') {
      return json(response, options.isReady() ? 200 : 503, { status: options.isReady() ? 'ok' : 'starting' });
    }
    const asset = findAsset(url.pathname);
    if (asset !== undefined && (request.method === 'GET' || request.method === 'HEAD')) {
      response.writeHead(200, {
        'Content-Type': asset.type,
        'Content-Length': asset.body.length,
        'Cache-Control': 'public, max-age=31536000, immutable',
        'X-Content-Type-Options': 'nosniff',
        'Cross-Origin-Resource-Policy': 'same-origin',
      });
      response.end(request.method === 'HEAD' ? undefined : asset.body);
      return;
    }
    if (url.pathname.startsWith('/v1/')) {
      return api.serve(request, response, url).catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        json(response, error.status, {
          error: { type: error.type, code: error.code, message: error.message },
        });
      });
    }
    const [room = '', ...path] = url.pathname.split('/').slice(1);
    const visit: Visit = { request, response, url, path };
    return visitPage(visit, room).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      refuse(visit, error.status);
    });
  }

  const server = createServer(limits, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      log.error({ err: error, path: request.url?.split('/')[1] }, 'a request failed');
      if (response.headersSent) response.destroy();
      else if (request.url?.startsWith('/v1/')) {
        json(response, 500, {
          error: { type: 'api', code: 'internal', message: 'something went wrong here' },
        });
      } else refuse({ request, response, url: new URL('/', origin), path: [] }, 500);
    });
  });
  server.maxConnections = MAX_CONNECTIONS;
  return server;
}

function refuse(visit: Visit, status: number): void {
  const language = languageOf(
    visit,
    /^en\b/i.test(visit.request.headers['accept-language'] ?? '') ? 'en' : 'fr',
  );
  const [title, text]: [Word, Word] =
    status === 404
      ? ['notFoundTitle', 'notFoundText']
      : status >= 500
        ? ['brokenTitle', 'brokenText']
        : ['refusedTitle', 'refusedText'];
  if (!visit.request.complete) visit.response.setHeader('Connection', 'close');
  page(visit, status, message(language, say(title, language), say(text, language)));
}
