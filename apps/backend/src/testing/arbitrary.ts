import fc from 'fast-check';
import { z } from 'zod';

const MAX_DEPTH = 5;
const MAX_ITEMS = 3;
const MAX_TEXT = 60;

/** The words of JSON Schema (2020-12) that the contract uses. */
export interface Schema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  default?: unknown;
  format?: string;
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  items?: Schema;
  minItems?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: Schema | boolean;
  propertyNames?: Schema;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  $ref?: string;
  $defs?: Record<string, Schema>;
}

/** Inputs that a schema accepts, or nearly: rules that JSON Schema cannot say are not known here. */
export function inputsOf(schema: z.ZodType): fc.Arbitrary<unknown> {
  const root = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Schema;
  return from(root, root, 0);
}

/** As `inputsOf`, of a schema whose references are looked up among the root's `$defs`. */
export function valuesOf(schema: Schema, root: Schema): fc.Arbitrary<unknown> {
  return from(schema, root, 0);
}

function from(schema: Schema, root: Schema, depth: number): fc.Arbitrary<unknown> {
  const inner = (each: Schema) => from(each, root, depth + 1);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  if (schema.$ref === '#') return depth > MAX_DEPTH ? fc.constant(null) : inner(root);
  if (schema.$ref) {
    const target = root.$defs?.[schema.$ref.split('/').at(-1) ?? ''];
    return target && depth <= MAX_DEPTH ? inner(target) : fc.constant(null);
  }
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(inner));
  if (schema.allOf?.[0]) return inner(schema.allOf[0]);
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'string':
      return text(schema);
    case 'boolean':
      return fc.boolean();
    case 'integer':
    case 'number':
      return fc.integer({
        min: Math.ceil(schema.minimum ?? schema.exclusiveMinimum ?? -10),
        max: Math.floor(Math.min(schema.maximum ?? schema.exclusiveMaximum ?? 1_000, 1_000_000)),
      });
    case 'array':
      return fc.array(schema.items ? inner(schema.items) : fc.constant(null), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.max(schema.minItems ?? 0, Math.min(schema.maxItems ?? MAX_ITEMS, MAX_ITEMS)),
      });
    case 'object':
      return fc.record(
        Object.fromEntries(
          Object.entries(schema.properties ?? {}).map(([key, value]) => [key, inner(value)]),
        ),
        { requiredKeys: schema.required ?? [] },
      );
    case 'null':
      return fc.constant(null);
    default:
      return fc.constantFrom<unknown>(null, 'x', 1, {});
  }
}

function text({ format, pattern, minLength = 0, maxLength = MAX_TEXT }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid({ version: 7 });
  if (format === 'email') return fc.emailAddress({ size: 'small' });
  if (format === 'date-time') {
    return fc.date({ noInvalidDate: true, max: new Date('9999-12-31') }).map((date) => date.toISOString());
  }
  if (pattern) return fc.stringMatching(new RegExp(pattern), { size: 'small' });
  return fc.string({
    unit: 'grapheme',
    minLength,
    maxLength: Math.min(maxLength, Math.max(MAX_TEXT, minLength)),
  });
}
