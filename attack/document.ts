/** The API as its OpenAPI document tells it: operations, inputs that are valid, and the places in them that name something. */
import { type Needed, permission } from '@preau/contract';
import { z } from 'zod';
import type { Schema } from '../apps/backend/src/testing/arbitrary.ts';

const parameter = z.object({
  name: z.string(),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  schema: z.record(z.string(), z.unknown()),
});
const described = z.object({
  operationId: z.string(),
  'x-identity': z.string(),
  'x-permission': z.union([z.literal('everyone'), permission, z.array(permission)]).optional(),
  parameters: z.array(parameter).default([]),
  requestBody: z
    .object({ content: z.record(z.string(), z.looseObject({ schema: z.unknown() }).partial()) })
    .optional(),
  responses: z.record(
    z.string(),
    z.looseObject({
      content: z.record(z.string(), z.looseObject({ schema: z.unknown() }).partial()).optional(),
    }),
  ),
});
const shared = z.looseObject({ schemas: z.record(z.string(), z.unknown()).optional() });
const openApiDocument = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), described)) });

export interface Operation {
  id: string;
  method: string;
  path: string;
  identity: string;
  permission: Needed | undefined;
  params: Record<string, Schema>;
  query: Record<string, Schema>;
  requiredQuery: string[];
  body: Schema | undefined;
  bytes: boolean;
  /** Media type and schema of each documented status. */
  answers: Map<string, { media: string; schema: unknown } | undefined>;
}

export interface ApiDocument {
  operations: Operation[];
  resolve(schema: Schema): Schema;
  /** The shared schemas as one's definitions. */
  root: Schema;
  raw: unknown;
}

export async function readDocument(url: string): Promise<ApiDocument> {
  const response = await fetch(`${url}/v1/openapi.json`);
  const raw: unknown = await response.json();
  const document = openApiDocument.parse(raw);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, each]): Operation => {
      const of = (place: string) => each.parameters.filter((one) => one.in === place);
      const media = each.requestBody?.content ?? {};
      const schemas = (list: z.infer<typeof parameter>[]) =>
        Object.fromEntries(list.map(({ name, schema }) => [name, schema as Schema]));
      return {
        id: each.operationId,
        method: method.toUpperCase(),
        path,
        identity: each['x-identity'],
        permission: each['x-permission'],
        params: schemas(of('path')),
        query: schemas(of('query')),
        requiredQuery: of('query').flatMap(({ name, required }) => (required ? [name] : [])),
        body: media['application/json']?.schema as Schema | undefined,
        bytes: 'application/octet-stream' in media,
        answers: new Map(
          Object.entries(each.responses).map(([status, { content }]) => {
            const [first] = Object.entries(content ?? {});
            return [status, first && { media: first[0], schema: first[1].schema }];
          }),
        ),
      };
    }),
  );
  const resolve = (schema: Schema): Schema => {
    let current = schema;
    for (let hops = 0; current.$ref; hops += 1) {
      if (hops > 10) throw new Error(`the document's references turn in a circle at ${current.$ref}`);
      const found = current.$ref
        .slice(2)
        .split('/')
        .reduce<unknown>(
          (inside, key) =>
            typeof inside === 'object' && inside !== null
              ? (inside as Record<string, unknown>)[key]
              : undefined,
          raw,
        );
      if (!found) throw new Error(`the document points to ${current.$ref}, which it does not hold`);
      current = found as Schema;
    }
    return current;
  };
  const { components } = z.looseObject({ components: shared.optional() }).parse(raw);
  const root: Schema = { $defs: (components?.schemas ?? {}) as Record<string, Schema> };
  return { operations, resolve, root, raw };
}

export interface Input {
  params: Record<string, string>;
  query: Record<string, string>;
  body: unknown;
}

/** A place in an input that names something: an id, or a text that is unique. */
export interface Slot {
  place: 'path' | 'query' | 'body';
  /** Keys from the input's part down to the value. */
  at: (string | number)[];
  name: string;
  /** The property around it, for those that are called `id` alone. */
  around: string;
  uuid: boolean;
}

export interface Variant {
  input: Input;
  slots: Slot[];
}

/** Fills what names something; undefined leaves the value to the schema. */
export type Fill = (slot: Slot) => string | undefined;

/** One pixel. */
export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const MAX_DEPTH = 6;
const TEXT_NAMES = /^(slug|code|token|email|emails|lineage|ref|kid|search|idempotencyKey|to|key)$/;

/** Inputs that the schemas accept: what is required, and one more for each optional part that names something. */
export class Sampler {
  readonly #document: ApiDocument;
  #turn = 0;
  constructor(document: ApiDocument) {
    this.#document = document;
  }

  variants(operation: Operation, fill: Fill): Variant[] {
    const base = this.#one(operation, fill, undefined);
    const optional = operation.body ? this.#optionalNames(operation.body) : [];
    const queries = Object.keys(operation.query).filter((name) => !operation.requiredQuery.includes(name));
    const more = [
      ...optional
        .filter((name) => this.#names(this.#property(operation.body, name), name, 0))
        .map((name) => ({ body: name })),
      ...queries
        .filter((name) => this.#names(operation.query[name] ?? {}, name, 0))
        .map((name) => ({ query: name })),
    ].map((extra) => this.#one(operation, fill, extra));
    return [base, ...more];
  }

  #property(body: Schema | undefined, name: string): Schema {
    return (body && this.#document.resolve(body).properties?.[name]) ?? {};
  }

  #optionalNames(body: Schema): string[] {
    const { properties = {}, required = [] } = this.#document.resolve(body);
    return Object.keys(properties).filter((name) => !required.includes(name));
  }

  /** Whether a part of a schema names something. */
  #names(given: Schema, name: string, depth: number): boolean {
    if (depth > MAX_DEPTH) return false;
    const schema = this.#document.resolve(given);
    if (schema.type === 'string') return schema.format === 'uuid' || (TEXT_NAMES.test(name) && !schema.enum);
    const inner = [
      ...(schema.anyOf ?? []),
      ...(schema.oneOf ?? []),
      ...(schema.allOf ?? []),
      ...(schema.items ? [schema.items] : []),
    ];
    return (
      isRichText(schema) ||
      inner.some((each) => this.#names(each, name, depth + 1)) ||
      Object.entries(schema.properties ?? {}).some(([key, each]) => this.#names(each, key, depth + 1)) ||
      (schema.propertyNames ? this.#names(schema.propertyNames, `${name}Id`, depth + 1) : false)
    );
  }

  #one(operation: Operation, fill: Fill, extra: { body?: string; query?: string } | undefined): Variant {
    this.#turn += 1;
    const slots: Slot[] = [];
    const at =
      (place: Slot['place']) => (path: (string | number)[], name: string, around: string, uuid: boolean) => {
        const slot: Slot = { place, at: path, name, around, uuid };
        slots.push(slot);
        return fill(slot);
      };
    const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value));
    const params = Object.fromEntries(
      Object.entries(operation.params).map(([name, schema]) => [
        name,
        text(this.#value(schema, [name], name, '', at('path'), 0)),
      ]),
    );
    const wanted = [...operation.requiredQuery, ...(extra?.query ? [extra.query] : [])];
    const query = Object.fromEntries(
      wanted.map((name) => [
        name,
        text(this.#value(operation.query[name] ?? {}, [name], name, '', at('query'), 0)),
      ]),
    );
    let body: unknown;
    if (operation.body) {
      const only = extra?.body ? [extra.body] : extra ? [] : undefined;
      body = this.#object(this.#document.resolve(operation.body), [], '', at('body'), 0, only);
    }
    return { input: { params, query, body }, slots };
  }

  #object(
    schema: Schema,
    path: (string | number)[],
    around: string,
    found: Found,
    depth: number,
    only?: string[],
  ): unknown {
    if (!schema.properties) return this.#value(schema, path, '', around, found, depth);
    const { properties, required = [] } = schema;
    const plain = Object.keys(properties).filter((name) => !this.#names(properties[name] ?? {}, name, 0));
    // A change of nothing is no change: where nothing is required, all that names nothing is sent.
    const wanted =
      required.length === 0 && only === undefined && depth === 0 ? plain : [...required, ...(only ?? [])];
    return Object.fromEntries(
      Object.entries(properties)
        .filter(([name]) => wanted.includes(name))
        .map(([name, each]) => [name, this.#value(each, [...path, name], name, around, found, depth + 1)]),
    );
  }

  #value(
    given: Schema,
    path: (string | number)[],
    name: string,
    around: string,
    found: Found,
    depth: number,
  ): unknown {
    const schema = this.#document.resolve(given);
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return schema.enum[0];
    if (isRichText(schema)) return richText(found(path, 'assetId', 'rich text', true));
    const choices = schema.anyOf ?? schema.oneOf ?? schema.allOf;
    if (choices) {
      const chosen =
        choices.find((each) => depth < MAX_DEPTH && this.#names(each, name, depth)) ?? choices[0] ?? {};
      return this.#value(chosen, path, name, around, found, depth + 1);
    }
    const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
    switch (type) {
      case 'string': {
        const uuid = schema.format === 'uuid';
        const own = uuid || TEXT_NAMES.test(name) ? found(path, name, around, uuid) : undefined;
        return own !== undefined && fits(own, schema) ? own : this.#text(schema, name);
      }
      case 'boolean':
        return false;
      case 'integer':
      case 'number':
        return Math.max(schema.minimum ?? 1, (schema.exclusiveMinimum ?? 0) + 1);
      case 'array': {
        const items = schema.items ?? {};
        const count = Math.max(schema.minItems ?? 0, this.#names(items, name, depth) ? 1 : 0);
        return Array.from({ length: count }, (_, i) =>
          this.#value(items, [...path, i], name, name, found, depth + 1),
        );
      }
      case 'object': {
        if (schema.properties) {
          const named = Object.keys(schema.properties).filter((key) =>
            this.#names(schema.properties?.[key] ?? {}, key, depth + 1),
          );
          return this.#object(schema, path, name || around, found, depth + 1, depth < 3 ? named : []);
        }
        return {};
      }
      case 'null':
        return null;
      default:
        return {};
    }
  }

  #text(schema: Schema, name: string): string {
    this.#turn += 1;
    const turn = String(this.#turn % 10_000).padStart(4, '0');
    switch (schema.format) {
      case 'uuid':
        return crypto.randomUUID();
      case 'date-time':
        return new Date(Date.now() + 3_600_000).toISOString();
      case 'email':
        return `quelquun-${turn}@exemple.test`;
      case 'uri':
        return 'https://exemple.test/';
    }
    if (/email|^to$/.test(name)) return `quelquun-${turn}@exemple.test`;
    if (name === 'timeZone') return 'Europe/Paris';
    if (/password|^next$|^current$/.test(name)) return `une phrase assez longue ${turn}`;
    const { pattern, minLength = 0, maxLength = 200 } = schema;
    const ready = [
      `essai-${turn}`,
      'FR',
      '#336699',
      `12${turn}`,
      'x'.repeat(43),
      `data:image/png;base64,${PNG.toString('base64')}`,
      'ABCD-1234-EFGH',
      'a'.repeat(64),
    ];
    const fitting = pattern
      ? ready.find(
          (each) => new RegExp(pattern).test(each) && each.length >= minLength && each.length <= maxLength,
        )
      : undefined;
    if (pattern && !fitting)
      throw new Error(`no example fits ${name}, which wants ${pattern}: add one in attack/document.ts`);
    return (fitting ?? `Un essai ${turn}`).padEnd(minLength, 'x').slice(0, maxLength);
  }
}

type Found = (path: (string | number)[], name: string, around: string, uuid: boolean) => string | undefined;

/** A code of an app is no code of a certificate. */
function fits(value: string, { pattern }: Schema): boolean {
  return pattern === undefined || new RegExp(pattern).test(value);
}

/** A Lexical state: the document only says that it has a root. */
function isRichText({ properties }: Schema): boolean {
  const root = properties?.root;
  return root?.properties?.type?.const === 'root';
}

function richText(assetId: string | undefined): unknown {
  const node = (type: string, rest: object) => ({ type, version: 1, ...rest });
  const block = { direction: null, format: '', indent: 0 };
  const paragraph = node('paragraph', {
    ...block,
    textFormat: 0,
    textStyle: '',
    children: [node('text', { text: 'Un texte', format: 0, detail: 0, mode: 'normal', style: '' })],
  });
  return {
    root: node('root', {
      ...block,
      children: [paragraph, ...(assetId ? [imageNode(assetId)] : [])],
    }),
  };
}

function imageNode(assetId: string): unknown {
  return { type: 'image', version: 1, assetId, alt: 'Une image', caption: '', width: 10, height: 10 };
}

/** An input with another value in one of its places. */
export function withValue(input: Input, slot: Slot, value: string): Input {
  const copy = structuredClone(input);
  if (slot.place !== 'body') {
    const part = slot.place === 'path' ? copy.params : copy.query;
    part[String(slot.at[0])] = value;
    return copy;
  }
  if (slot.around === 'rich text') {
    copy.body = setAt(copy.body, slot.at, richText(value));
    return copy;
  }
  copy.body = setAt(copy.body, slot.at, value);
  return copy;
}

function setAt(whole: unknown, [key, ...rest]: (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(whole)) return whole.with(Number(key), setAt(whole[Number(key)], rest, value));
  const record = (whole ?? {}) as Record<string, unknown>;
  return { ...record, [key]: setAt(record[key], rest, value) };
}

export function targetOf(
  operation: Pick<Operation, 'path'>,
  { params, query }: Pick<Input, 'params' | 'query'>,
): string {
  const path = operation.path.replace(/\{(\w+)\}/g, (_, key: string) =>
    encodeURIComponent(params[key] ?? ''),
  );
  const search = new URLSearchParams(query).toString();
  return search ? `${path}?${search}` : path;
}
