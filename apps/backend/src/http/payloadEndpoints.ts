import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import type { SelectionNode, SelectionSetNode, ValidationRule } from 'graphql';
import type { SanitizedConfig } from 'payload';
import type { App } from '../app.ts';
import type { ScopedPool } from '../database/pool.ts';
import { inScope } from '../database/scope.ts';
import { answerJson } from './answer.ts';
import { readBytes } from './body.ts';
import type { UserCaller } from './caller.ts';
import type { Identifier } from './identify.ts';
import { Problem } from './problem.ts';
import type { Exchange, Extra } from './server.ts';
import { asCaller } from './signedIn.ts';

export const GRAPHQL_PATH = '/v1/graphql';
const MAX_QUERY_DEPTH = 8;
const MAX_QUERY_BYTES = 64 * 1024;
/** Generic reading is for the people who run a platform; learners have the operations. */
const WHO = { identity: 'user', roles: ['trainer', 'administrator'] } as const;

interface Loaded {
  config: SanitizedConfig;
  serve(request: Request): Promise<Response>;
  graphql(request: Request): Promise<unknown>;
}

/**
 * REST below `/v1/collections/` and GraphQL by Payload, within the caller's tenant. Payload is loaded by the first
 * request that needs it: the operations do not, and it would double the memory at rest.
 */
export function payloadEndpoints(app: App, pool: ScopedPool, identifier: Identifier): Map<string, Extra> {
  let loading: Promise<Loaded> | undefined;
  const payload = () => {
    loading ??= inScope({ kind: 'platform' }, () => load(app, pool)).catch((error: unknown) => {
      loading = undefined;
      throw error;
    });
    return loading;
  };

  async function identified<T>(exchange: Exchange, work: () => Promise<T>): Promise<T> {
    const caller = await identifier.identify(exchange.request, WHO);
    if (!('tenantId' in caller)) throw new Problem('forbidden');
    return inScope({ kind: 'tenant', tenantId: caller.tenantId }, () => asCaller(caller as UserCaller, work));
  }

  const rest: Extra = (exchange) =>
    identified(exchange, async () => {
      if (exchange.request.method !== 'GET') throw new Problem('method-not-allowed');
      const { config, serve } = await payload();
      const slug = exchange.path.split('/')[3] ?? '';
      const collection = config.collections.find((each) => each.slug === slug);
      if (collection?.custom.generic !== true) throw new Problem('not-found');
      const answer = await serve(toRequest(exchange, app));
      const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };
      if (answer.status >= 500) throw new Problem('internal-error');
      if (answer.status === 404) throw new Problem('not-found');
      if (answer.status === 403) throw new Problem('forbidden');
      if (answer.status >= 400) throw new Problem('malformed-request');
      exchange.response.writeHead(answer.status, headers);
      if (!answer.body) exchange.response.end();
      else await pipeline(Readable.fromWeb(answer.body as WebStream), exchange.response);
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

function toRequest({ request, locale }: Exchange, app: App, body?: Buffer<ArrayBuffer> | Buffer): Request {
  return new Request(new URL(request.url ?? '/', app.settings.PREAU_PUBLIC_URL), {
    method: request.method ?? 'GET',
    headers: { 'accept-language': locale, 'content-type': 'application/json' },
    ...(body ? { body: new Uint8Array(body) } : {}),
  });
}

async function load(app: App, pool: ScopedPool): Promise<Loaded> {
  const [
    { createPayloadRequest, getPayload, handleEndpoints },
    { payloadConfig },
    graphql,
    { configToSchema },
  ] = await Promise.all([
    import('payload'),
    import('../payload.config.ts'),
    import('graphql'),
    import('@payloadcms/graphql'),
  ]);
  const config = await payloadConfig({ pool, secret: app.settings.PAYLOAD_SECRET, log: app.log });
  // Payload finds its instance by this key again at every request.
  const payloadInstanceCacheKey = randomUUID();
  await getPayload({ config, disableOnInit: true, key: payloadInstanceCacheKey });
  const { schema, validationRules } = configToSchema(config);

  return {
    config,
    serve: (request) => handleEndpoints({ config, request, payloadInstanceCacheKey }),
    async graphql(request) {
      const input: unknown = await request.json().catch(() => undefined);
      if (
        typeof input !== 'object' ||
        input === null ||
        !('query' in input) ||
        typeof input.query !== 'string'
      ) {
        throw new Problem('malformed-request');
      }
      const variableValues =
        'variables' in input && typeof input.variables === 'object' && input.variables !== null
          ? { ...input.variables }
          : {};
      let document: ReturnType<typeof graphql.parse>;
      try {
        document = graphql.parse(input.query, { maxTokens: 4_000 });
      } catch (error) {
        return { errors: [{ message: error instanceof Error ? error.message : 'unreadable query' }] };
      }
      const rules: ValidationRule[] = [
        ...graphql.specifiedRules,
        ...(app.settings.NODE_ENV === 'production' ? [graphql.NoSchemaIntrospectionCustomRule] : []),
        depthLimit(graphql.GraphQLError),
        ...validationRules({ document, schema, variableValues }),
      ];
      const errors = graphql.validate(schema, document, rules);
      if (errors.length > 0) return { errors: errors.map(({ message }) => ({ message })) };
      const req = await createPayloadRequest({
        config,
        request,
        payloadInstanceCacheKey,
        canSetHeaders: false,
      });
      const result = await graphql.execute({
        schema,
        document,
        variableValues,
        contextValue: { req, headers: {} },
      });
      for (const error of result.errors ?? []) app.log.warn({ err: error.originalError ?? error }, 'graphql');
      return {
        ...(result.data === undefined ? {} : { data: result.data }),
        // What a resolver threw may quote SQL: the caller learns where, the log why.
        ...(result.errors ? { errors: result.errors.map(({ path }) => ({ message: 'refused', path })) } : {}),
      };
    },
  };
}

/** Refuses selections nested too deep; a fragment counts where it is spread. */
function depthLimit(GraphQLError: typeof import('graphql').GraphQLError): ValidationRule {
  return (context) => {
    const depthOf = ({ selections }: SelectionSetNode, inside: readonly string[]): number => {
      if (inside.length > MAX_QUERY_DEPTH) return inside.length;
      return 1 + Math.max(0, ...selections.map((selection) => below(selection, inside)));
    };
    const below = (selection: SelectionNode, inside: readonly string[]): number => {
      if (selection.kind !== 'FragmentSpread') {
        return selection.selectionSet ? depthOf(selection.selectionSet, inside) : 0;
      }
      const name = selection.name.value;
      const fragment = context.getFragment(name);
      // Another rule refuses the circle.
      return fragment && !inside.includes(name) ? depthOf(fragment.selectionSet, [...inside, name]) : 0;
    };
    return {
      OperationDefinition(node) {
        if (depthOf(node.selectionSet, []) <= MAX_QUERY_DEPTH) return;
        context.reportError(
          new GraphQLError(`the query is nested deeper than ${MAX_QUERY_DEPTH}`, { nodes: [node] }),
        );
      },
    };
  };
}
