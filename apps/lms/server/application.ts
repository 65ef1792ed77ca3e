import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { contentOrigin } from '@preau/contract/contentOrigin';
import { localPath } from '@preau/contract/localPath';
import { securityTxt } from '@preau/contract/securityTxt';
import { nameRequest, parentOf, requestSpan, within } from '@preau/telemetry';
import type { Instance } from '../src/server/instance.ts';
import { compressPages } from './compress.ts';
import { openDocuments, readBuild } from './documents.ts';
import { failurePage } from './failure.ts';
import { openFiles } from './files.ts';
import { secure, secureAny, secureFile } from './headers.ts';
import { current } from './instance.ts';
import { log } from './log.ts';
import { mayChange } from './origin.ts';
import { relay } from './relay.ts';
import { readRoutes } from './routes.ts';
import type { Settings } from './settings.ts';

const KEEP_ALIVE_MS = 65_000;
const HEADERS_MS = 10_000;
const REQUEST_MS = 900_000;
/** Next's own limit of a server action, refused before it is read. */
const MAX_FORM_BYTES = 1024 * 1024;
const MAX_CONNECTIONS = 1_000;
const MAX_HEADER_BYTES = 32 * 1024;

/** A page or route handler of the build (Next's adapter interface, "Invoking Entrypoints"). */
interface Entrypoint {
  handler(
    request: IncomingMessage,
    response: ServerResponse,
    context: { waitUntil(promise: Promise<unknown>): void; requestMeta: Record<string, unknown> },
  ): Promise<unknown>;
}

/** An instance, and what follows from its address. */
interface Face {
  instance: Instance;
  https: boolean;
  host: string;
  /** The origin of what strangers wrote. */
  content: string;
}

const faceOf = (instance: Instance): Face => ({
  instance,
  https: instance.platformUrl.startsWith('https:'),
  host: new URL(instance.platformUrl).host,
  content: contentOrigin(instance.platformUrl),
});

export interface Application {
  /** Answers at a port of 127.0.0.1 or a Unix socket as this instance, which is the published one. */
  listen(where: Settings['LISTEN'], instance: Instance): Promise<Listener>;
  /** Loads the modules of the page that a newcomer meets first. */
  preload(): void;
}

export interface Listener {
  /** Takes no new requests, and resolves when those that run have ended. */
  close(): Promise<void>;
}

/** The pages, files and routes of a build, for no tenant in particular. @param folder of the artefact */
export function openApplication(folder: string): Application {
  const distDir = join(folder, '.next');
  const routes = readRoutes(distDir);
  const documents = openDocuments(readBuild(distDir));
  const files = openFiles([
    { prefix: '/_next/static', folder: join(distDir, 'static'), hashed: true },
    { prefix: '', folder: join(folder, 'public'), hashed: false },
  ]);
  const require = createRequire(import.meta.url);
  require('next/dist/server/node-environment');
  require('next/dist/server/require-hook');
  const { config } = JSON.parse(readFileSync(join(distDir, 'required-server-files.json'), 'utf8')) as {
    config: unknown;
  };
  // What Next's own server registers for its entrypoints: without it they would trust parameters in the query.
  Object.assign(globalThis, {
    [Symbol.for('@next/router-server-methods')]: { '.': { nextConfig: config, isWrappedByNextServer: true } },
  });
  const loaded = new Map<string, Entrypoint>();
  function entrypoint(module: string): Entrypoint {
    let found = loaded.get(module);
    if (!found) {
      found = require(join(distDir, 'server/app', `${module}.js`)) as Entrypoint;
      loaded.set(module, found);
    }
    return found;
  }

  async function answer(
    { instance, https, host, content }: Face,
    draining: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    const pathname = mark < 0 ? url : url.slice(0, mark);
    if (pathname === '/healthz') {
      secureFile(response, https);
      return health(instance, draining, response);
    }
    if (!mayChange(request, pathname, instance)) {
      secureFile(response, https);
      response.writeHead(403, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
      response.end('This request did not come from this platform.');
      return;
    }
    const search = mark < 0 ? '' : url.slice(mark);
    if (await relay(instance, { pathname, search, https }, request, response)) return;
    secureFile(response, https);
    const reading = request.method === 'GET' || request.method === 'HEAD';
    if (reading && pathname === '/.well-known/security.txt') {
      response.setHeader('Content-Type', 'text/plain; charset=utf-8');
      response.setHeader('Cache-Control', 'public, max-age=3600');
      response.end(securityTxt({ host: instance.platformUrl, hub: instance.publicUrl }));
      return;
    }
    if (reading && pathname.includes('.') && (await files.serve(pathname, request, response))) return;
    if (pathname.length > 1 && pathname.endsWith('/')) {
      const target = localPath(withoutSlashes(pathname));
      if (target) {
        response.writeHead(308, { Location: target + (mark < 0 ? '' : url.slice(mark)) }).end();
        return;
      }
    }
    secureAny(response, https);
    if (Number(request.headers['content-length'] ?? 0) > MAX_FORM_BYTES) {
      request.resume();
      failurePage(response, crypto.randomUUID(), request.headers['accept-language'], 413);
      return;
    }
    const nonce = secure(request, response, { development: false, https, content });
    compressPages(request, response);
    const named = readable(pathname);
    const address = { path: pathname, search: mark < 0 ? '' : url.slice(mark) };
    if (named && (await documents(request, response, address, nonce))) return;
    let module = named ? routes.find(pathname) : undefined;
    if (!module) {
      request.url = '/missing';
      module = routes.missing;
      response.statusCode = 404;
    }
    nameRequest(request.method, module);
    // The origin that Next compares a server action's Origin with: the platform's, whatever a proxy says.
    request.headers.host = host;
    request.headers['x-forwarded-host'] = host;
    request.headers['x-forwarded-proto'] = https ? 'https' : 'http';
    const { handler } = entrypoint(module);
    const context = {
      waitUntil: (promise: Promise<unknown>) =>
        void promise.catch((error: unknown) => log('error', String(error))),
      requestMeta: {
        relativeProjectDir: '.',
        initURL: instance.platformUrl + url,
        initProtocol: https ? 'https' : 'http',
        hostname: new URL(instance.platformUrl).hostname,
      },
    };
    await current.run(response, () => handler(request, response, context));
  }

  function listen(where: Settings['LISTEN'], instance: Instance): Promise<Listener> {
    const face = faceOf(instance);
    let draining = false;
    const server = createServer(
      {
        keepAliveTimeout: KEEP_ALIVE_MS,
        headersTimeout: HEADERS_MS,
        requestTimeout: REQUEST_MS,
        maxHeaderSize: MAX_HEADER_BYTES,
      },
      (request, response) => {
        const span = requestSpan(request, response, {
          parent: parentOf(request),
          attributes: () => ({ 'preau.instance.id': instance.id, 'preau.release': instance.release }),
        });
        within(span, () => answer(face, draining, request, response)).catch((error: unknown) => {
          const reference = crypto.randomUUID();
          log('error', error instanceof Error ? (error.stack ?? error.message) : String(error), {
            reference,
          });
          if (response.headersSent) response.destroy();
          else failurePage(response, reference, request.headers['accept-language']);
        });
      },
    );
    server.maxConnections = MAX_CONNECTIONS;
    const close = () =>
      new Promise<void>((closed) => {
        draining = true;
        server.close(() => closed());
        server.closeIdleConnections();
      });
    return new Promise((listening, failed) => {
      server.once('error', failed);
      server.once('listening', () => listening({ close }));
      if (typeof where === 'number') server.listen(where, '127.0.0.1');
      else server.listen(where);
    });
  }

  return {
    listen,
    preload() {
      const module = routes.find('/sign-in');
      if (module) entrypoint(module);
    },
  };
}

/** One slash before a path and none behind. Not by an expression: those take the square of many slashes. */
function withoutSlashes(pathname: string): string {
  let start = 0;
  let end = pathname.length;
  while (pathname[start] === '/') start += 1;
  while (end > start && pathname[end - 1] === '/') end -= 1;
  return `/${pathname.slice(start, end)}`;
}

/** Whether the path is well-formed: what cannot be decoded names nothing. */
function readable(pathname: string): boolean {
  try {
    return !decodeURIComponent(pathname).includes('\0');
  } catch {
    return false;
  }
}

function health(instance: Instance, draining: boolean, response: ServerResponse): void {
  response.writeHead(draining ? 503 : 200, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
  });
  response.end(
    JSON.stringify({
      status: draining ? 'draining' : 'ok',
      instance: instance.id,
      release: instance.release,
    }),
  );
}
