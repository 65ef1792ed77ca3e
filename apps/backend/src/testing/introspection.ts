import {
  type GraphQLArgument,
  type GraphQLInputField,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { ScopedPool } from '../database/pool.ts';
import { graphqlSchema } from '../http/graphqlSchema.ts';
import { payloadConfig } from '../payload.config.ts';

export interface IntrospectedInput {
  name: string;
  /** Without lists and exclamation marks. */
  type: string;
  required: boolean;
}

export interface IntrospectedField {
  name: string;
  type: string;
  args: IntrospectedInput[];
}

export interface IntrospectedType {
  kind: 'object' | 'input' | 'scalar' | 'enum' | 'other';
  name: string;
  fields: IntrospectedField[];
  inputs: IntrospectedInput[];
}

export interface Introspected {
  types: ReadonlyMap<string, IntrospectedType>;
  queries: IntrospectedField[];
  mutations: IntrospectedField[];
}

const inputOf = ({ name, type }: GraphQLArgument | GraphQLInputField): IntrospectedInput => ({
  name,
  type: getNamedType(type).name,
  required: isNonNullType(type),
});

/** GraphQL's schema as it is served: nobody may ask the server for it outside development. */
export async function introspection(): Promise<Introspected> {
  const nowhere = 'postgres://nowhere';
  const pool = new ScopedPool({ platformUrl: nowhere, tenantUrl: nowhere, size: 1 });
  try {
    const config = await payloadConfig({ pool, secret: 'only to read its schema' });
    const { schema } = graphqlSchema(config);
    const types = new Map(
      Object.values(schema.getTypeMap()).map((type): [string, IntrospectedType] => [
        type.name,
        {
          kind: isObjectType(type)
            ? 'object'
            : isInputObjectType(type)
              ? 'input'
              : isScalarType(type)
                ? 'scalar'
                : isEnumType(type)
                  ? 'enum'
                  : 'other',
          name: type.name,
          fields: isObjectType(type)
            ? Object.values(type.getFields()).map(({ name, type: returned, args }) => ({
                name,
                type: getNamedType(returned).name,
                args: args.map(inputOf),
              }))
            : [],
          inputs: isInputObjectType(type) ? Object.values(type.getFields()).map(inputOf) : [],
        },
      ]),
    );
    const fieldsOf = (name: string | undefined) => (name && types.get(name)?.fields) || [];
    return {
      types,
      queries: fieldsOf(schema.getQueryType()?.name),
      mutations: fieldsOf(schema.getMutationType()?.name),
    };
  } finally {
    await pool.end();
  }
}
