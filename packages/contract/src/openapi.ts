import { z } from 'zod';
import type { Operation } from './operation.ts';
import { operations } from './operations.ts';
import { problemDetails, problems } from './problem.ts';

type Json = Record<string, unknown>;

/** Schemas that contain themselves, by the name under which the document holds them. */
type Recursive = Record<string, unknown>;

/** A schema without definitions of its own: what it points to moves to the document's components. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', recursive: Recursive, name: string): Json {
  const { $schema, $defs, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    reused: 'inline',
  }) as Json & { $defs?: Json };
  if (!$defs) return json;
  const moved = (part: unknown) =>
    JSON.parse(JSON.stringify(part).replaceAll('"#/$defs/', `"#/components/schemas/${name}`)) as Json;
  for (const [key, definition] of Object.entries($defs)) recursive[name + key] = moved(definition);
  return moved(json);
}

function parameters(operation: Operation, recursive: Recursive): Json[] {
  const list: Json[] = [];
  for (const [place, schema] of [
    ['path', operation.params],
    ['query', operation.query],
  ] as const) {
    if (!schema) continue;
    const { properties = {}, required = [] } = schemaOf(
      schema,
      'input',
      recursive,
      `${operation.id}_${place}`,
    ) as {
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

function answers(operation: Operation, recursive: Recursive): Json {
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
              [media]: {
                schema: operation.response
                  ? schemaOf(operation.response, 'output', recursive, `${operation.id}_answer`)
                  : {},
              },
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
  const recursive: Recursive = {};
  for (const operation of Object.values(operations) as Operation[]) {
    paths[operation.path] ??= {};
    (paths[operation.path] as Json)[operation.method.toLowerCase()] = {
      operationId: operation.id,
      tags: [operation.tag],
      summary: operation.summary,
      'x-identity': operation.identity,
      ...(operation.permission ? { 'x-permission': operation.permission } : {}),
      parameters: parameters(operation, recursive),
      ...(operation.bodyKind === 'bytes'
        ? { requestBody: { required: true, content: { 'application/octet-stream': {} } } }
        : operation.body
          ? {
              requestBody: {
                required: true,
                content: {
                  'application/json': {
                    schema: schemaOf(operation.body, 'input', recursive, `${operation.id}_body`),
                  },
                },
              },
            }
          : {}),
      responses: answers(operation, recursive),
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
      schemas: { ...recursive, Problem: schemaOf(problemDetails, 'output', recursive, 'Problem') },
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
