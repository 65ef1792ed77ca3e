import { configToSchema } from '@payloadcms/graphql';
import { GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { Field, SanitizedConfig } from 'payload';

/** What only Payload's panel asks: it says what one may do to a row, and so whether there is one. */
const OF_THE_PANEL = /^(docAccess[A-Z]|Access$|me[A-Z]|initialized[A-Z])/;

/**
 * GraphQL's schema, to read only, and the rules of its queries. It names what is served and nothing else: neither collections that
 * nobody may read, nor fields that are kept from everybody, whose names alone would say what is worth stealing.
 */
export function graphqlSchema(config: SanitizedConfig): ReturnType<typeof configToSchema> {
  const served = config.collections.filter(({ custom }) => custom.generic === true);
  const slugs = new Set<string>(served.map(({ slug }) => slug));
  const { schema, validationRules } = configToSchema({
    ...config,
    collections: served.map((collection) => ({
      ...collection,
      fields: collection.fields.filter((field) => isNamed(field, slugs)),
    })),
  });
  const { fields, ...query } = schema.getQueryType()?.toConfig() ?? { name: 'Query', fields: {} };
  const rows = Object.entries(fields).filter(([name]) => !OF_THE_PANEL.test(name));
  return {
    schema: new GraphQLSchema({
      query: new GraphQLObjectType({ ...query, fields: Object.fromEntries(rows) }),
    }),
    validationRules,
  };
}

function isNamed(field: Field, slugs: ReadonlySet<string>): boolean {
  if ('hidden' in field && field.hidden) return false;
  if (field.type !== 'relationship') return true;
  return [field.relationTo].flat().every((slug) => slugs.has(slug));
}
