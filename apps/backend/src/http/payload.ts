import { randomUUID } from 'node:crypto';
import { configToSchema } from '@payloadcms/graphql';
import {
  type ASTVisitor,
  type DocumentNode,
  execute,
  GraphQLError,
  NoSchemaIntrospectionCustomRule,
  parse,
  type SelectionNode,
  type SelectionSetNode,
  specifiedRules,
  type ValidationContext,
  type ValidationRule,
  validate,
} from 'graphql';
import { createPayloadRequest, getPayload, handleEndpoints, type SanitizedConfig } from 'payload';
import type { App } from '../app.ts';
import type { ScopedPool } from '../database/pool.ts';
import { payloadConfig } from '../payload.config.ts';
import { Problem } from './problem.ts';

const MAX_QUERY_DEPTH = 8;
const MAX_QUERY_TOKENS = 4_000;

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
      let document: DocumentNode;
      try {
        document = parse(input.query, { maxTokens: MAX_QUERY_TOKENS });
      } catch (error) {
        return { errors: [{ message: error instanceof Error ? error.message : 'unreadable query' }] };
      }
      const rules: ValidationRule[] = [
        ...specifiedRules,
        ...(app.settings.NODE_ENV === 'production' ? [NoSchemaIntrospectionCustomRule] : []),
        depthLimit,
        ...validationRules({ document, schema, variableValues }),
      ];
      const errors = validate(schema, document, rules);
      if (errors.length > 0) return { errors: errors.map(({ message }) => ({ message })) };
      const req = await createPayloadRequest({
        config,
        request,
        payloadInstanceCacheKey,
        canSetHeaders: false,
      });
      const result = await execute({
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
function depthLimit(context: ValidationContext): ASTVisitor {
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
}
