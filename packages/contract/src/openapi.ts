import { z } from 'zod';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { problemDetails, problems } from './problem.ts';

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
  }) as Json;
  return json;
};

function parameters(operation: Operation): Json[] {
  const list: Json[] = [];
  for (const [place, schema] of [
    ['path', operation.params],
    ['query', operation.query],
  ] as const) {
    if (!schema) continue;
    const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    for (const [name, property] of Object.entries(properties)) {
      list.push({
        name,
        in: place,
        required: place === 'path' || required.includes(name),
        schema: property,
      });
    }
  }
  return list;
}

function security(operation: Operation): Json[] {
  if (operation.identity === 'public') return [];
  const personal = ['account', 'staff', 'user'].includes(operation.identity);
  if (operation.identity === 'visitor') return [{ process: [] }, { process: [], session: [] }];
  return [personal ? { process: [], session: [] } : { process: [] }];
}

function answers(operation: Operation): Json {
  const media =
    operation.kind === 'binary'
      ? 'application/octet-stream'
      : operation.kind === 'events'
        ? 'text/event-stream'
        : 'application/json';
  const answer: Json = {
    [operation.status]: {
      description: operation.summary,
      ...(operation.kind === 'empty'
        ? {}
        : {
            content: {
              [media]: { schema: operation.response ? schemaOf(operation.response, 'output') : {} },
            },
          }),
    },
  };
  const statuses = new Set(operation.errors.map((name) => problems[name].status));
  for (const status of [...statuses].sort()) {
    answer[status] = {
      description: operation.errors.filter((name) => problems[name].status === status).join(', '),
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  answer.default = { $ref: '#/components/responses/Problem' };
  return answer;
}

/** The OpenAPI 3.1 document of the whole API, derived from the operations. */
export function openApi(serverUrl: string): Json {
  const paths: Record<string, Json> = {};
  for (const operation of Object.values(operations) as Operation[]) {
    paths[operation.path] ??= {};
    (paths[operation.path] as Json)[operation.method.toLowerCase()] = {
      operationId: operation.id,
      tags: [operation.tag],
      summary: operation.summary,
      'x-identity': operation.identity,
      ...(operation.roles ? { 'x-roles': operation.roles } : {}),
      parameters: parameters(operation),
      ...(operation.bodyKind === 'bytes'
        ? { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
        : operation.body
          ? {
              requestBody: {
                required: true,
                content: { 'application/json': { schema: schemaOf(operation.body, 'input') } },
              },
            }
          : {}),
      responses: answers(operation),
      security: security(operation),
    };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Préau API',
      version: '1',
      description: 'The API of the platform and of its learning platforms.',
    },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      schemas: { Problem: schemaOf(problemDetails, 'output') },
      responses: {
        Problem: {
          description: 'RFC 9457 problem details',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
      securitySchemes: {
        process: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
        session: { type: 'apiKey', in: 'header', name: 'Preau-Session' },
      },
    },
  };
}
