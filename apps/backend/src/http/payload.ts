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
import { createPayloadRequest, getPayload, handleEndpoints, type SanitizedConfig } from 'payload';
import type { App } from '../app.ts';
import type { ScopedPool } from '../database/pool.ts';
import { payloadConfig } from '../payload.config.ts';
import { queryLimits } from './graphqlLimits.ts';
import { graphqlSchema } from './graphqlSchema.ts';
import { Problem } from './problem.ts';

const MAX_QUERY_TOKENS = 2_000;
const MAX_ERRORS = 5;
const ANSWER_MS = 10_000;

export interface LoadedPayload {
  config: SanitizedConfig;
  serve(request: Request): Promise<Response>;
  graphql(request: Request): Promise<unknown>;
}

/** Payload with its REST and GraphQL, over the scoped pool. Heavy: import this file only when it is needed. */
export async function loadPayload(app: App, pool: ScopedPool): Promise<LoadedPayload> {
  const config = await payloadConfig({ pool, secret: app.settings.PAYLOAD_SECRET, log: app.log });
  // Payload finds its instance by this key again at every request.
  const payloadInstanceCacheKey = randomUUID();
  await getPayload({ config, disableOnInit: true, key: payloadInstanceCacheKey });
  const { schema, validationRules } = graphqlSchema(config);

  return {
    config,
    serve: (request) => handleEndpoints({ config, request, payloadInstanceCacheKey }),
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
        ...(result.errors ? { errors: result.errors.map(({ path }) => ({ message: 'refused', path })) } : {}),
      };
    },
  };
}
