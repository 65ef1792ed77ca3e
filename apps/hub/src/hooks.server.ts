import { randomUUID } from 'node:crypto';
import { ApiProblem, ApiUnreachable } from '@preau/contract';
import { localPath } from '@preau/contract/localPath';
import { nameRequest } from '@preau/telemetry';
import type { Handle, HandleServerError } from '@sveltejs/kit/hooks';
import { sequence } from '@sveltejs/kit/hooks';
import * as m from '#lib/paraglide/messages.js';
import { deLocalizeHref, localizeHref } from '#lib/paraglide/runtime.js';
import { paraglideMiddleware } from '#lib/paraglide/server.js';
import { backendFor } from '#lib/server/backend.ts';
import { log } from '#lib/server/log.ts';
import { mayChange, SAFE_METHODS } from '#lib/server/origin.ts';
import {
  forgetSession,
  forgetStaffSession,
  readDevice,
  readSession,
  readStaffSession,
} from '#lib/server/session.ts';
import { readTheme } from '#lib/server/theme.ts';
import { PREAU_PUBLIC_URL } from '$app/env/private';

const here = new URL(PREAU_PUBLIC_URL);
/** Payment pages and platforms are beside the hub, on subdomains; real providers have their own addresses. */
const FORM_TARGETS = [
  "'self'",
  `${here.protocol}//*.${here.host}`,
  'https://checkout.stripe.com',
  'https://*.paddle.com',
];
/** As src/app.html has it. */
const ROOT = '<html lang="fr" data-theme="auto">';
/** Route groups behind or before a sign-in, and the mails of this machine. */
const PERSONAL = /^\/(?:\((?:portal|admin|onboarding|access)\)|outbox)/;

const origin: Handle = ({ event, resolve }) => {
  if (mayChange(event.request, event.url.pathname, here.origin)) return resolve(event);
  return new Response('Cross-site requests are refused.\n', {
    status: 403,
    headers: { 'cache-control': 'no-store', 'content-type': 'text/plain; charset=utf-8' },
  });
};

const locale: Handle = ({ event, resolve }) =>
  paraglideMiddleware(
    // Its address and headers only: the body stays unread for whoever answers.
    new Request(event.request.url, { headers: event.request.headers }),
    async ({ locale }) => {
      const { pathname, search } = event.url;
      // One address a page: /pricing is /tarifs in French.
      const canonical = localizeHref(deLocalizeHref(pathname), { locale });
      if (
        SAFE_METHODS.has(event.request.method) &&
        !event.isDataRequest &&
        canonical !== pathname &&
        localPath(canonical)
      ) {
        return new Response(null, { status: 308, headers: { location: canonical + search } });
      }
      event.locals.locale = locale;
      return resolve(event);
    },
    { effectiveRequestUrl: () => new URL(event.url.pathname + event.url.search, here) },
  );

const visitor: Handle = async ({ event, resolve }) => {
  const { locals, cookies, request } = event;
  locals.requestId = requestIdOf(request);
  if (event.route.id) nameRequest(request.method, event.route.id);
  locals.theme = readTheme(cookies);
  locals.session = readSession(cookies);
  locals.staffSession = readStaffSession(cookies);
  const device = readDevice(cookies);
  const userAgent = request.headers.get('user-agent') ?? undefined;
  const callFor = (session: string | undefined) => ({
    session,
    locale: locals.locale,
    requestId: locals.requestId,
    clientAddress: request.headers.get('x-forwarded-for')?.split(',')[0]?.trim() || event.getClientAddress(),
    userAgent,
    device,
  });
  locals.api = backendFor(() => callFor(locals.session));
  locals.staffApi = backendFor(() => callFor(locals.staffSession));
  let asked: ReturnType<App.Locals['account']> | undefined;
  locals.account = () => {
    asked ??= whoIs(locals, () => forgetSession(cookies));
    return asked;
  };
  let askedStaff: ReturnType<App.Locals['staff']> | undefined;
  locals.staff = () => {
    askedStaff ??= whichStaff(locals, () => forgetStaffSession(cookies));
    return askedStaff;
  };
  const response = await resolve(event, {
    transformPageChunk: ({ html }) =>
      html.replace(ROOT, `<html lang="${locals.locale}" data-theme="${locals.theme}">`),
    preload: ({ type, path }) =>
      type === 'js' ||
      type === 'css' ||
      (type === 'font' && /(instrument|bricolage)[^/]*-latin-wght/.test(path)),
  });
  const { headers } = response;
  const policy = headers.get('content-security-policy');
  if (policy && headers.get('content-type')?.startsWith('text/html') && !headers.has('preau-own-policy')) {
    headers.set(
      'content-security-policy',
      `${policy}; form-action ${FORM_TARGETS.join(' ')}; frame-ancestors 'none'`,
    );
  }
  headers.delete('preau-own-policy');
  headers.set('x-content-type-options', 'nosniff');
  headers.set('referrer-policy', 'strict-origin-when-cross-origin');
  headers.set('cross-origin-opener-policy', 'same-origin');
  headers.set('cross-origin-embedder-policy', 'require-corp');
  headers.set('cross-origin-resource-policy', 'same-origin');
  headers.set(
    'permissions-policy',
    'camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=()',
  );
  headers.set('x-request-id', locals.requestId);
  if (here.protocol === 'https:') {
    headers.set('strict-transport-security', 'max-age=63072000; includeSubDomains');
  }
  // What belongs to one person is kept by no cache at all, the browser's own for « back » included.
  if (PERSONAL.test(event.route.id ?? '')) headers.set('cache-control', 'no-store');
  // Other pages differ by language (in the address) and by who is signed in: no shared cache keeps them.
  else if (!headers.has('cache-control') && headers.get('content-type')?.startsWith('text/html')) {
    headers.set('cache-control', 'private, no-cache');
  }
  return response;
};

/** The gateway names every request; one that did not come through it gets a name here. */
const REQUEST_ID = /^[\w-]{8,64}$/;
function requestIdOf({ headers }: Request): string {
  const given = headers.get('x-request-id');
  return given && REQUEST_ID.test(given) ? given : randomUUID();
}

async function whoIs(locals: App.Locals, forget: () => void) {
  if (!locals.session) return null;
  try {
    return await locals.api.getAccount();
  } catch (error) {
    if (error instanceof ApiProblem && error.is('not-authenticated')) {
      locals.session = undefined;
      forget();
      return null;
    }
    throw error;
  }
}

async function whichStaff(locals: App.Locals, forget: () => void) {
  if (!locals.staffSession) return null;
  try {
    return await locals.staffApi.getStaff();
  } catch (error) {
    if (error instanceof ApiProblem && error.is('not-authenticated')) {
      locals.staffSession = undefined;
      forget();
      return null;
    }
    throw error;
  }
}

export const handle = sequence(origin, locale, visitor);

/** What a visitor is told of an error: the API's own words where it refused, ours otherwise; always a reference. */
export const handleError: HandleServerError = ({ kind, error, event }) => {
  const reference = event.locals.requestId ?? '';
  if (kind === 'app') return { ...error, reference };
  if (kind === 'framework' || kind === 'validation') {
    const { status } = error;
    return { status, message: status === 404 ? m.error_not_found() : m.error_malformed(), reference };
  }
  if (error instanceof ApiProblem) {
    const { status, detail } = error.problem;
    // An address with an id that cannot be one leads nowhere.
    if (error.is('invalid-request', 'malformed-request') && event.request.method === 'GET') {
      return { status: 404, message: m.error_not_found(), reference };
    }
    if (status >= 500) log.error({ requestId: reference, err: error }, 'the backend failed');
    return { status, message: detail, reference: error.problem.reference };
  }
  log.error({ requestId: reference, err: error, route: event.route.id }, 'request failed');
  if (error instanceof ApiUnreachable) return { status: 503, message: m.error_unavailable(), reference };
  return { status: 500, message: m.error_internal(), reference };
};
