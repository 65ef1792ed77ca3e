import type { App } from '../app.ts';
import type { Db } from '../database/db.ts';
import type { ScopedPool } from '../database/pool.ts';
import { inScope, type Scope } from '../database/scope.ts';
import { answerJson, answerText } from './answer.ts';
import { readBytes } from './body.ts';
import type { Identifier } from './identify.ts';
import type { RateLimits } from './limits.ts';
import type { LoadedPayload } from './payload.ts';
import { Problem } from './problem.ts';
import type { Exchange, Extra } from './server.ts';
import { asCaller } from './signedIn.ts';

export const GRAPHQL_PATH = '/v1/graphql';
const MAX_QUERY_BYTES = 64 * 1024;
const ROW = /^(?:count|[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/i;
/** Generic reading is for the people who run a platform; learners have the operations. */
const WHO = { identity: 'user', permission: 'data.query' } as const;

/**
 * REST below `/v1/collections/` and GraphQL by Payload, within the caller's tenant. Payload is loaded by the first
 * request that needs it: the operations do not, and it would double the memory at rest.
 */
export function payloadEndpoints(
  app: App,
  pool: ScopedPool,
  { identifier, limits }: { identifier: Identifier; limits: RateLimits },
): Map<string, Extra> {
  let loading: Promise<LoadedPayload> | undefined;
  const payload = () => {
    loading ??= inScope({ kind: 'platform' }, async () => {
      const { loadPayload } = await import('./payload.ts');
      return loadPayload(app, pool);
    }).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  async function identified<T>(exchange: Exchange, work: () => Promise<T>): Promise<T> {
    const caller = await identifier.identify(exchange.request, WHO);
    exchange.asked.caller = caller;
    if (caller.kind !== 'user') throw new Problem('forbidden');
    limits.countPerson(caller);
    // Generic reading knows no scopes of support.
    if (caller.support) throw new Problem('support-scope');
    const scope: Scope = { kind: 'tenant', tenantId: caller.tenantId };
    let known: Promise<string[]> | undefined;
    const teaches = () => {
      known ??= coursesOf(app.db(scope), caller.user.id);
      return known;
    };
    return inScope(scope, () => asCaller(caller, teaches, work));
  }

  const rest: Extra = (exchange) =>
    identified(exchange, async () => {
      if (exchange.request.method !== 'GET') throw new Problem('method-not-allowed');
      const { config, serve } = await payload();
      const [slug, row, ...deeper] = exchange.path.split('/').slice(3);
      const collection = config.collections.find((each) => each.slug === slug);
      // A list, a count or one row: Payload has more below, such as versions that no collection of ours keeps.
      if (collection?.custom.generic !== true || deeper.length > 0 || !(row === undefined || ROW.test(row)))
        throw new Problem('not-found');
      const { status, body } = await serve(toRequest(exchange, app), collection.slug, row);
      if (status === 503) throw new Problem('unavailable');
      if (status >= 500) throw new Problem('internal-error');
      if (status === 404) throw new Problem('not-found');
      if (status === 403) throw new Problem('forbidden');
      if (status >= 400) throw new Problem('malformed-request');
      answerText(exchange.response, status, body);
    });

  const graphql: Extra = (exchange) =>
    identified(exchange, async () => {
      if (exchange.request.method !== 'POST') throw new Problem('method-not-allowed');
      const body = await readBytes(exchange.request, MAX_QUERY_BYTES);
      const loaded = await payload();
      answerJson(exchange.response, 200, await loaded.graphql(toRequest(exchange, app, body)));
    });

  return new Map([
    ['/v1/collections/', rest],
    [GRAPHQL_PATH, graphql],
  ]);
}

async function coursesOf(db: Db, userId: string): Promise<string[]> {
  const rows = await db.query<{ id: string }>(
    'SELECT r.course_id AS id FROM course_trainers r WHERE r.user_id = $1',
    [userId],
  );
  return rows.map(({ id }) => id);
}

function toRequest({ request, locale }: Exchange, app: App, body?: Buffer<ArrayBuffer> | Buffer): Request {
  return new Request(new URL(request.url ?? '/', app.settings.PREAU_PUBLIC_URL), {
    method: request.method ?? 'GET',
    headers: { 'accept-language': locale, 'content-type': 'application/json' },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
}
