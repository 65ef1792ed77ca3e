import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as wire from '@preau/billing/sandbox/wire';
import { z } from 'zod';
import * as checkouts from '../checkout/checkout.ts';
import type { Clock } from '../clock.ts';
import type { Store, Tx } from '../database/store.ts';
import { eventsSince } from '../event/event.ts';
import { json, readBody, sameSecret } from '../http/exchange.ts';
import * as invoices from '../invoice/invoice.ts';
import type { Customer } from '../payer/customer.ts';
import { ensureCustomer, findCustomer } from '../payer/customer.ts';
import { conflict, invalid, notFound, Refusal } from '../refusal.ts';
import * as changes from '../subscription/change.ts';
import * as lifecycle from '../subscription/lifecycle.ts';
import * as subscriptions from '../subscription/subscription.ts';

const PORTAL_MILLISECONDS = 60 * 60_000;

export interface ApiOptions {
  store: Store;
  clock: Clock;
  apiKey: string;
  publicUrl: string;
}

/** One operation: what it answers with status 200 inside one transaction. */
type Act = (tx: Tx, body: unknown, query: URLSearchParams) => Promise<unknown>;

/** The provider's API under /v1. */
export function createApi({ store, clock, apiKey, publicUrl }: ApiOptions) {
  const subscription = async (tx: Tx, found: subscriptions.Subscription) =>
    subscriptions.present(tx, found, publicUrl);

  function operation(method: string, path: readonly string[]): Act | undefined {
    const [noun, id = '', verb] = path;
    switch ([method, noun, path.length > 1 ? ':id' : undefined, verb].filter(Boolean).join(' ')) {
      case 'POST customers':
        return async (tx, body) => {
          const input = read(wire.customerInput, body);
          return presentCustomer(await ensureCustomer(tx, input.externalId, input));
        };
      case 'GET customers :id':
        return async (tx) => presentCustomer(await findCustomer(tx, id));
      case 'POST customers :id':
        return async (tx, body) => {
          const input = read(wire.customerInput, body);
          const { externalId } = await findCustomer(tx, id);
          if (externalId !== input.externalId) throw conflict('external-id', 'another customer');
          return presentCustomer(await ensureCustomer(tx, externalId, input));
        };
      case 'POST checkouts':
        return async (tx, body) => {
          const input = read(wire.checkoutInput, body);
          if (Date.parse(input.expiresAt) <= Date.now()) throw invalid('expires-at', 'expiresAt has passed');
          return checkouts.present(tx, await checkouts.create(tx, input), publicUrl);
        };
      case 'GET checkouts :id':
        return async (tx) => checkouts.present(tx, await checkouts.find(tx, id), publicUrl);
      case 'POST checkouts :id expire':
        return async (tx) => checkouts.present(tx, await checkouts.expire(tx, id), publicUrl);
      case 'GET subscriptions':
        return async (tx, _, query) => {
          const page = await subscriptions.page(tx, cursor(query));
          const items = [];
          for (const found of page) items.push(await subscription(tx, found));
          return { object: 'list', items, cursor: page.at(-1)?.seq ?? null };
        };
      case 'GET subscriptions :id':
        return async (tx) => subscription(tx, await subscriptions.find(tx, id));
      case 'POST subscriptions :id preview':
        return (tx, body) => changes.preview(tx, id, read(wire.changeInput, body));
      case 'POST subscriptions :id change':
        return async (tx, body) =>
          subscription(tx, await changes.apply(tx, id, read(wire.changeApplication, body).token));
      case 'POST subscriptions :id cancel':
        return async (tx, body) =>
          subscription(tx, await lifecycle.cancel(tx, id, read(wire.cancellation, body).at));
      case 'POST subscriptions :id uncancel':
        return async (tx) => subscription(tx, await lifecycle.uncancel(tx, id));
      case 'GET invoices':
        return async (tx, _, query) => {
          const found = await invoices.invoicesOf(tx, query.get('subscription') ?? '');
          return {
            object: 'list',
            items: found.map((invoice) => invoices.present(invoice, publicUrl)),
            cursor: null,
          };
        };
      case 'POST refunds':
        return (tx, body) => {
          const input = read(wire.refundInput, body);
          return invoices.refund(tx, input.invoice, input.amountMinor);
        };
      case 'POST portal-sessions':
        return async (tx, body) => {
          const input = read(wire.portalInput, body);
          const customer = await findCustomer(tx, input.customer);
          const token = randomBytes(24).toString('base64url');
          const expiresAt = new Date(Date.now() + PORTAL_MILLISECONDS);
          await tx.run(
            `insert into sandbox.portal_session (token, customer_id, return_url, locale, expires_at)
             values ($1, $2, $3, $4, $5)`,
            [token, customer.id, input.returnUrl, input.locale, expiresAt],
          );
          const url = new URL(`/portal/${token}`, publicUrl).href;
          return { object: 'portal_session', url, expiresAt: expiresAt.toISOString() };
        };
      case 'GET events':
        return async (tx, _, query) => ({ object: 'list', ...(await eventsSince(tx, cursor(query))) });
      default:
        return undefined;
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void> {
    const given = /^Bearer (\S{1,200})$/.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined || !sameSecret(given, apiKey)) {
      throw new Refusal(401, 'authentication', 'api_key', 'the API key is missing or wrong');
    }
    const path = url.pathname.slice('/v1/'.length).split('/').map(decode);
    const method = request.method ?? '';
    if (method === 'POST' && path.join('/') === 'clock/advance') {
      const { seconds } = read(
        z.object({ seconds: z.int().min(1).max(94_867_200) }),
        parse(await readBody(request)),
      );
      return json(response, 200, {
        object: 'clock',
        now: (await clock.advance(seconds * 1000)).toISOString(),
      });
    }
    if (method === 'GET' && path.join('/') === 'clock') {
      return json(response, 200, { object: 'clock', now: (await clock.now()).toISOString() });
    }
    const act = operation(method, path);
    if (act === undefined)
      throw new Refusal(404, 'not_found', 'operation', `no operation ${method} ${url.pathname}`);
    if (method === 'GET') {
      return json(response, 200, await store.transact((tx) => act(tx, undefined, url.searchParams)));
    }
    const key = request.headers['idempotency-key'];
    if (typeof key !== 'string' || key.length > 255)
      throw invalid('idempotency-key', 'Idempotency-Key is missing');
    const text = await readBody(request);
    const answer = await store.transact((tx) =>
      once(tx, { key, path: url.pathname, text }, () => act(tx, parse(text), url.searchParams)),
    );
    json(response, 200, answer);
  }

  return { serve };
}

const stored = z.object({ fingerprint: z.string(), answer: z.unknown() });

/** A retry computes its deadline anew: that alone does not make it another request. */
const intent = (key: string, value: unknown): unknown => (key === 'expiresAt' ? undefined : value);

/** The same key answers what it answered first; two at once wait for each other; a refusal is not kept. */
async function once(
  tx: Tx,
  call: { key: string; path: string; text: string },
  act: () => Promise<unknown>,
): Promise<unknown> {
  await tx.run('select pg_advisory_xact_lock(hashtextextended($1, 7246103))', [`${call.path} ${call.key}`]);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify(parse(call.text), intent))
    .digest('hex');
  const [known] = await tx.rows(
    stored,
    'select fingerprint, answer from sandbox.idempotency where key = $1 and path = $2',
    [call.key, call.path],
  );
  if (known !== undefined) {
    if (known.fingerprint !== fingerprint)
      throw conflict('idempotency', 'this key was used for another request');
    return known.answer;
  }
  const answer = await act();
  await tx.run('insert into sandbox.idempotency (key, path, fingerprint, answer) values ($1, $2, $3, $4)', [
    call.key,
    call.path,
    fingerprint,
    JSON.stringify(answer),
  ]);
  return answer;
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw invalid('parameter', `${first?.path.join('.')}: ${first?.message}`);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalid('path', 'the path cannot be read');
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw invalid('json', 'the body is not JSON');
  }
}

function cursor(query: URLSearchParams): string {
  const after = query.get('after') ?? '0';
  if (!/^\d{1,18}$/.test(after)) throw notFound('cursor');
  return after;
}

function presentCustomer(customer: Customer): z.infer<typeof wire.customer> {
  const { id, externalId, email, name, country, siren, vatNumber, locale } = customer;
  return { object: 'customer', id, externalId, email, name, country, siren, vatNumber, locale };
}
