import type { CollectionConfig, CompoundIndex, Field } from 'payload';

interface PlatformCollection {
  slug: string;
  /** The column that names a row in lists. */
  title: string;
  fields: Field[];
  indexes?: CompoundIndex[];
}

/**
 * A collection of the platform's own data. Nobody reads or writes it through generic endpoints: the `/v1`
 * operations do, in the platform's scope.
 */
export function platformCollection({
  slug,
  title,
  fields,
  indexes = [],
}: PlatformCollection): CollectionConfig {
  const nobody = () => false;
  return {
    slug,
    admin: { group: 'Platform', useAsTitle: title },
    access: { read: nobody, create: nobody, update: nobody, delete: nobody },
    timestamps: true,
    fields,
    indexes,
  };
}

export const text = (
  name: string,
  options: { optional?: boolean; unique?: boolean; defaultValue?: string } = {},
): Field => ({
  name,
  type: 'text',
  required: !options.optional,
  unique: options.unique ?? false,
  ...(options.defaultValue === undefined ? {} : { defaultValue: options.defaultValue }),
});
export const number = (name: string, options: { optional?: boolean; defaultValue?: number } = {}): Field => ({
  name,
  type: 'number',
  required: !options.optional,
  ...(options.defaultValue === undefined ? {} : { defaultValue: options.defaultValue }),
});
export const date = (name: string, options: { optional?: boolean } = {}): Field => ({
  name,
  type: 'date',
  required: !options.optional,
});
export const flag = (name: string, defaultValue = false): Field => ({
  name,
  type: 'checkbox',
  required: true,
  defaultValue,
});
export const json = (name: string, options: { optional?: boolean } = {}): Field => ({
  name,
  type: 'json',
  required: !options.optional,
});
export const to = (
  name: string,
  relationTo: string,
  options: { optional?: boolean; unique?: boolean } = {},
): Field => ({
  name,
  type: 'relationship',
  relationTo,
  required: !options.optional,
  unique: options.unique ?? false,
  index: true,
});
const choice = (name: string, values: readonly string[]) => ({
  name,
  type: 'select' as const,
  options: values.map((value) => ({ label: value, value })),
});
export const oneOf = (name: string, values: readonly string[], defaultValue?: string): Field => ({
  ...choice(name, values),
  required: true,
  ...(defaultValue === undefined ? {} : { defaultValue }),
});
export const oneOfOrNone = (name: string, values: readonly string[]): Field => choice(name, values);
/** SHA-256 or a password's hash: never readable outside of SQL. */
export const digest = (name: string, options: { optional?: boolean; unique?: boolean } = {}): Field => ({
  name,
  type: 'text',
  required: !options.optional,
  unique: options.unique ?? false,
  hidden: true,
  access: { read: () => false },
});
