import { z } from 'zod';

/**
 * Whether who was written for one OpenAPI document of ours can go on with another one: what it sends must still be
 * taken, and what it reads must still be there. A value more in an answer's enumeration is
 * not held against it: else nothing could get a further state.
 */

type Schema = Record<string, unknown>;

const record = z.record(z.string(), z.unknown());
const operation = z.looseObject({
  operationId: z.string(),
  'x-identity': z.string(),
  parameters: z.array(z.object({ name: z.string(), in: z.string(), required: z.boolean(), schema: record })),
  requestBody: z
    .object({ content: z.record(z.string(), z.looseObject({ schema: record.optional() })) })
    .optional(),
  responses: z.record(
    z.string(),
    z.looseObject({ content: z.record(z.string(), z.looseObject({ schema: record.optional() })).optional() }),
  ),
});
type ApiOperation = z.infer<typeof operation>;
const apiDocument = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.looseObject({ schemas: z.record(z.string(), record) }),
});
type ApiDocument = z.infer<typeof apiDocument>;

const REMEDY = {
  taken:
    'take it as before (make what is new optional, with a default), or add an operation and keep this one until OLDEST_API_VERSION has passed it',
  there:
    'go on answering it as before (add fields beside it), or add an operation and keep this one until OLDEST_API_VERSION has passed it',
};

/** @returns one line for each thing that the former document promised and the present one does not keep */
export function breaks(former: unknown, present: unknown): string[] {
  const before = apiDocument.parse(former);
  const now = apiDocument.parse(present);
  return Object.entries(before.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, old]) => {
      const found = now.paths[path]?.[method];
      const where = `${old.operationId} (${method.toUpperCase()} ${path})`;
      if (!found) return [`${where} is gone: ${REMEDY.there}`];
      return new Comparison(before, now).operation(old, found).map((what) => `${where}: ${what}`);
    }),
  );
}

const BOUNDS = [
  ['minimum', 1],
  ['exclusiveMinimum', 1],
  ['minLength', 1],
  ['minItems', 1],
  ['maximum', -1],
  ['exclusiveMaximum', -1],
  ['maxLength', -1],
  ['maxItems', -1],
] as const;

class Comparison {
  readonly #before: ApiDocument;
  readonly #now: ApiDocument;
  /** Pairs of recursive schemas that are being compared already. */
  readonly #open = new Set<string>();

  constructor(before: ApiDocument, now: ApiDocument) {
    this.#before = before;
    this.#now = now;
  }

  operation(old: ApiOperation, found: ApiOperation): string[] {
    const lines: string[] = [];
    if (old['x-identity'] !== found['x-identity'])
      lines.push(`is for ${found['x-identity']} now, was for ${old['x-identity']}; ${REMEDY.taken}`);
    for (const parameter of found.parameters) {
      const known = old.parameters.find(
        ({ name, in: place }) => name === parameter.name && place === parameter.in,
      );
      if (parameter.required && !known?.required)
        lines.push(`asks for the parameter ${parameter.name}; ${REMEDY.taken}`);
    }
    for (const parameter of old.parameters) {
      const known = found.parameters.find(
        ({ name, in: place }) => name === parameter.name && place === parameter.in,
      );
      const what = known
        ? this.taken(parameter.schema, known.schema, `parameter ${parameter.name}`)
        : [`parameter ${parameter.name} is not known any more`];
      lines.push(...what.map((line) => `${line}; ${REMEDY.taken}`));
    }
    const body = found.requestBody?.content ?? {};
    if (!old.requestBody && found.requestBody) lines.push(`asks for a body; ${REMEDY.taken}`);
    for (const [media, { schema }] of Object.entries(old.requestBody?.content ?? {})) {
      const known = body[media];
      const what = known
        ? this.taken(schema ?? {}, known.schema ?? {}, 'body')
        : [`takes no ${media} any more`];
      lines.push(...what.map((line) => `${line}; ${REMEDY.taken}`));
    }
    for (const [status, { content = {} }] of Object.entries(old.responses)) {
      // What refuses is read by its problem document, the same for all.
      if (!status.startsWith('2')) continue;
      const answer = found.responses[status];
      if (!answer) lines.push(`does not answer ${status} any more; ${REMEDY.there}`);
      else
        for (const [media, { schema }] of Object.entries(content)) {
          const known = answer.content?.[media];
          const what = known
            ? this.there(schema ?? {}, known.schema ?? {}, 'answer')
            : [`does not answer ${media} any more`];
          lines.push(...what.map((line) => `${line}; ${REMEDY.there}`));
        }
    }
    return lines;
  }

  /** Whether whatever was sent by `old` is taken by `now`. */
  taken(old: Schema, now: Schema, at: string): string[] {
    return this.#compare(old, now, (before, present) => {
      const lines = this.#eachIn(variants(before), variants(present), at, (a, b) => this.taken(a, b, at));
      if (lines) return lines;
      const narrowed = this.#narrowed(before, present, at);
      if (narrowed.length > 0) return narrowed;
      const values = valuesOf(before);
      const allowed = valuesOf(present);
      if (allowed && !values) return [`${at} takes only ${[...allowed].join(', ')} now`];
      const refused = allowed && values ? [...values].filter((value) => !allowed.has(value)) : [];
      if (refused.length > 0) return [`${at} does not take ${refused.join(', ')} any more`];
      const required = list(present.required).filter((name) => !list(before.required).includes(name));
      return [
        ...required.map((name) => `${at}.${name} is required now`),
        ...this.#inside(before, present, at, (a, b, inner) => this.taken(a, b, inner)),
      ];
    });
  }

  /** Whether whoever reads `old` can read `now`. */
  there(old: Schema, now: Schema, at: string): string[] {
    return this.#compare(old, now, (before, present) => {
      const known = variants(before);
      const all = variants(present);
      const read = all.length > 1 ? all.filter((variant) => !isNewKind(variant, known)) : all;
      const lines = this.#eachIn(read, known, at, (a, b) => this.there(b, a, at));
      if (lines) return lines;
      if ('const' in before && 'const' in present && before.const !== present.const)
        return [`${at} is ${String(present.const)} now, was ${String(before.const)}`];
      const types = typesOf(before);
      const strange = typesOf(present).filter(
        (type) =>
          types.length > 0 && !types.includes(type) && !(type === 'integer' && types.includes('number')),
      );
      if (strange.length > 0 || (types.length > 0 && typesOf(present).length === 0))
        return [`${at} may be ${strange.join(', ') || 'anything'} now, was ${types.join(', ')}`];
      const missing = list(before.required).filter((name) => !list(present.required).includes(name));
      return [
        ...missing.map((name) => `${at}.${name} may be missing now`),
        ...this.#inside(before, present, at, (a, b, inner) => this.there(a, b, inner)),
      ];
    });
  }

  #compare(old: Schema, now: Schema, compare: (before: Schema, present: Schema) => string[]): string[] {
    const pair = `${String(old.$ref)} ${String(now.$ref)}`;
    const recursive = old.$ref !== undefined && now.$ref !== undefined;
    if (recursive && this.#open.has(pair)) return [];
    if (recursive) this.#open.add(pair);
    return compare(resolve(old, this.#before), resolve(now, this.#now));
  }

  /** Each of some variants must find one among others; undefined where there is only one on both sides. */
  #eachIn(
    some: Schema[],
    others: Schema[],
    at: string,
    compare: (one: Schema, other: Schema) => string[],
  ): string[] | undefined {
    if (some.length === 1 && others.length === 1) return some[0] === others[0] ? [] : undefined;
    const lost = some.flatMap((one) => {
      const ofItsKind = others.filter((other) => kindOf(other) !== '' && kindOf(other) === kindOf(one));
      const reasons = (ofItsKind.length > 0 ? ofItsKind : others).map((other) => compare(one, other));
      if (reasons.some((lines) => lines.length === 0)) return [];
      // The nearest variant tells best what changed.
      const [nearest = []] = reasons.toSorted((a, b) => a.length - b.length);
      return nearest.length > 0 ? nearest : [`${at} has a form that the other release does not know`];
    });
    return lost;
  }

  #narrowed(before: Schema, present: Schema, at: string): string[] {
    const types = typesOf(present);
    const lost =
      types.length === 0
        ? []
        : (typesOf(before).length === 0 ? ['anything'] : typesOf(before)).filter(
            (type) => !types.includes(type) && !(type === 'integer' && types.includes('number')),
          );
    const lines = lost.map((type) => `${at} does not take ${type} any more`);
    for (const [name, sign] of BOUNDS) {
      const [was, is] = [before[name], present[name]];
      if (typeof is === 'number' && (typeof was !== 'number' || (is - was) * sign > 0))
        lines.push(`${at}: ${name} is ${is} now, was ${was ?? 'open'}`);
    }
    for (const name of ['pattern', 'format'])
      if (present[name] !== undefined && present[name] !== before[name])
        lines.push(`${at}: ${name} is ${present[name]} now, was ${before[name] ?? 'open'}`);
    return lines;
  }

  #inside(
    before: Schema,
    present: Schema,
    at: string,
    compare: (old: Schema, now: Schema, at: string) => string[],
  ): string[] {
    const properties = record.safeParse(present.properties).data ?? {};
    const lines = Object.entries(record.safeParse(before.properties).data ?? {}).flatMap(([name, schema]) => {
      const found = record.safeParse(properties[name]);
      const old = record.safeParse(schema);
      if (!old.success) return [];
      return found.success ? compare(old.data, found.data, `${at}.${name}`) : [`${at}.${name} is gone`];
    });
    for (const name of ['items', 'additionalProperties']) {
      const [old, found] = [record.safeParse(before[name]), record.safeParse(present[name])];
      if (old.success && found.success) lines.push(...compare(old.data, found.data, `${at}[]`));
    }
    return lines;
  }
}

function resolve(schema: Schema, document: ApiDocument): Schema {
  const { $ref } = schema;
  if (typeof $ref !== 'string') return schema;
  const found = document.components.schemas[$ref.slice('#/components/schemas/'.length)];
  if (!found) throw new Error(`${$ref} leads nowhere`);
  return resolve(found, document);
}

const schemas = z.array(record);

function variants(schema: Schema): Schema[] {
  const union = schemas.safeParse(schema.anyOf ?? schema.oneOf);
  return union.success ? union.data.flatMap(variants) : [schema];
}

const list = (value: unknown): string[] => z.array(z.string()).safeParse(value).data ?? [];

function typesOf({ type, ...schema }: Schema): string[] {
  if (typeof type === 'string') return [type];
  const values = valuesOf(schema);
  return list(type).length > 0 || !values
    ? list(type)
    : [...new Set([...values].map((value) => typeof value))];
}

function valuesOf(schema: Schema): Set<unknown> | undefined {
  if ('const' in schema) return new Set([schema.const]);
  return Array.isArray(schema.enum) ? new Set(schema.enum) : undefined;
}

/** What a variant of an object calls itself: its constant fields. */
const kindOf = (schema: Schema): string =>
  Object.entries(record.safeParse(schema.properties).data ?? {})
    .flatMap(([name, property]) => {
      const found = record.safeParse(property).data;
      return found && 'const' in found ? [`${name}=${String(found.const)}`] : [];
    })
    .join();

/** A variant of an answer that calls itself what no former one did. */
function isNewKind(variant: Schema, known: Schema[]): boolean {
  const own = kindOf(variant);
  return own !== '' && known.some((one) => kindOf(one) !== '') && !known.some((one) => kindOf(one) === own);
}
