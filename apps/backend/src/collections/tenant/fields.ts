import type { Field } from 'payload';

/** A relation to a row of the same tenant (the migration turns it into a composite foreign key). */
export const belongsTo = (name: string, relationTo: string, options: { optional?: boolean } = {}): Field => ({
  name,
  type: 'relationship',
  relationTo,
  required: !options.optional,
});

export const oneOf = (name: string, values: readonly string[], defaultValue?: string): Field => ({
  name,
  type: 'select',
  required: true,
  options: values.map((value) => ({ label: value, value })),
  ...(defaultValue === undefined ? {} : { defaultValue }),
});

/** Bytes of a secret's digest as text; never leaves the backend, not even for staff. */
export const digest = (name: string, options: { optional?: boolean } = {}): Field => ({
  name,
  type: 'text',
  required: !options.optional,
  hidden: true,
  access: { read: () => false },
});
