import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type DocumentNode,
  execute,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  type ValidationRule,
  validate,
} from 'graphql';
import { APIError, createPayloadRequest, type Endpoint, getPayload, type SanitizedConfig } from 'payload';
import type { App } from '../app.ts';
import type { ScopedPool } from '../database/pool.ts';
import { payloadConfig } from '../payload.config.ts';
import { queryLimits } from './graphqlLimits.ts';
import { graphqlSchema } from './graphqlSchema.ts';
import { Problem } from './problem.ts';
import { problemOf } from './problemOf.ts';

const MAX_QUERY_TOKENS = 2_000;
const MAX_ERRORS = 5;
const ANSWER_MS = 10_000;

/**
 * Data exceptions and statements that make no sense (PostgreSQL, appendix A): Payload builds them out of what the
 * caller asks, such as an operator that a column's type does not have. A privilege that is missing is our fault.
 */
const UNASKABLE = /^(22|42(?!501))/;

/** The status of what Payload or PostgreSQL refused. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500;
  if (error instanceof APIError) return error.status;
  if (error.cause) return statusOf(error.cause);
  if ('code' in error && typeof error.code === 'string' && UNASKABLE.test(error.code)) return 400;
  return problemOf(error).status;
}

export interface LoadedPayload {
  config: SanitizedConfig;
  /** @param row an id, `count`, or nothing for the list */
  serve(request: Request, slug: string, row: string | undefined): Promise<{ status: number; body: string }>;
  graphql(request: Request): Promise<unknown>;
}

/** Payload with its REST and GraphQL, over the scoped pool. Heavy: import this file only when it is needed. */
export async function loadPayload(app: App, pool: ScopedPool): Promise<LoadedPayload> {
  const config = await payloadConfig({ pool, secret: app.settings.PAYLOAD_SECRET, log: app.log });
  // Payload finds its instance by this key again at every request.
  const payloadInstanceCacheKey = randomUUID();
  await getPayload({ config, disableOnInit: true, key: payloadInstanceCacheKey });
  const { schema, validationRules } = graphqlSchema(config);

  // Payload's own dispatch compiles a dozen patterns at every request.
  const handlers = new Map<string, Endpoint['handler']>(
    config.collections.flatMap(({ slug, endpoints }) =>
      (endpoints || [])
        .filter(({ method }) => method === 'get')
        .map(({ path, handler }) => [`${slug}${path}`, handler] as const),
    ),
  );

  return {
    config,
    async serve(request, slug, row) {
      const count = row?.toLowerCase() === 'count';
      const handler = handlers.get(`${slug}${count ? '/count' : row === undefined ? '/' : '/:id'}`);
      if (!handler) throw new Problem('not-found');
      const params = { collection: slug, ...(row === undefined || count ? {} : { id: row }) };
      try {
        const req = await createPayloadRequest({
          config,
          request,
          payloadInstanceCacheKey,
          params,
          canSetHeaders: false,
        });
        const answer = await handler(req);
        return { status: answer.status, body: await answer.text() };
      } catch (err) {
        const status = statusOf(err);
        // A question that cannot be asked is the asker's doing.
        if (status >= 500) app.log.error({ err }, 'generic reading');
        return { status, body: '' };
      }
    },
    async graphql(request) {
      const input: unknown = await request.json().catch(() => undefined);
      if (
        typeof input !== 'object' ||
        input === null ||
        !('query' in input) ||
        typeof input.query !== 'string' ||
        Array.isArray(input)
      ) {
        throw new Problem('malformed-request');
      }
      const variableValues =
        'variables' in input && typeof input.variables === 'object' && input.variables !== null
          ? { ...input.variables }
          : {};
      let document: DocumentNode;
      try {
        document = parse(input.query, { maxTokens: MAX_QUERY_TOKENS });
      } catch (error) {
        return { errors: [{ message: error instanceof Error ? error.message : 'unreadable query' }] };
      }
      const development = app.settings.NODE_ENV === 'development';
      const rules: ValidationRule[] = [
        ...specifiedRules,
        ...(development ? [] : [NoSchemaIntrospectionCustomRule]),
        ...validationRules({ document, schema, variableValues }),
      ];
      for (const some of [[queryLimits(variableValues)], rules]) {
        const errors = validate(schema, document, some, { maxErrors: MAX_ERRORS });
        // Where the schema cannot be asked for, guesses are not answered with what would be right.
        const said = (message: string) => (development ? message : message.replace(/ Did you mean .*/, ''));
        if (errors.length > 0) return { errors: errors.map(({ message }) => ({ message: said(message) })) };
      }
      const req = await createPayloadRequest({
        config,
        request,
        payloadInstanceCacheKey,
        canSetHeaders: false,
      });
      const result = await Promise.race([
        execute({ schema, document, variableValues, contextValue: { req, headers: {} } }),
        // Its statements end by the database's own time-out.
        sleep(ANSWER_MS, undefined, { ref: false }),
      ]);
      if (!result) throw new Problem('unavailable');
      for (const error of result.errors ?? []) app.log.warn({ err: error.originalError ?? error }, 'graphql');
      return {
        ...(result.data === undefined ? {} : { data: result.data }),
        // What a resolver threw may quote SQL: the caller learns where, the log why.
        // In the order of their paths: which resolver failed first is chance, and must tell nothing.
        ...(result.errors
          ? {
              errors: result.errors
                .map(({ path }) => ({ message: 'refused', path }))
                .sort((one, other) => String(one.path).localeCompare(String(other.path))),
            }
          : {}),
      };
    },
  };
}
