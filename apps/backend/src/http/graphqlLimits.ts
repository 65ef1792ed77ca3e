import {
  type ASTVisitor,
  type FieldNode,
  GraphQLError,
  type GraphQLOutputType,
  getNamedType,
  getNullableType,
  isInterfaceType,
  isListType,
  isObjectType,
  type SelectionSetNode,
  type ValidationContext,
} from 'graphql';

const MAX_DEPTH = 8;
/** Objects that a query may lead to, as its `limit` arguments say. */
const MAX_COST = 5_000;
const MAX_LIMIT = 100;
/** What a list without a `limit` of its own is taken to hold, and what Payload answers where none is given. */
const USUAL_LIMIT = 10;
/** How often each may occur; fragments can spell a query of exponential size in a few lines. */
const MAX = {
  operation: 1,
  'fields at its root': 10,
  aliases: 15,
  directives: 10,
  selections: 1_000,
};

/**
 * Refuses a query by what it would cost, before anything else looks at it: GraphQL's own rules compare every field
 * with every other. A fragment counts wherever it is spread.
 * @param variables decide over `limit: $limit`
 */
export const queryLimits =
  (variables: Readonly<Record<string, unknown>>) =>
  (context: ValidationContext): ASTVisitor => {
    const spent = { operation: 0, 'fields at its root': 0, aliases: 0, directives: 0, selections: 0 };
    const refuse = (reason: string) => {
      throw new GraphQLError(reason);
    };
    const spend = (what: keyof typeof MAX, amount = 1) => {
      spent[what] += amount;
      if (spent[what] > MAX[what]) refuse(`the query has more than ${MAX[what]} ${what}`);
    };

    function costOf(
      { selections: nodes }: SelectionSetNode,
      type: GraphQLOutputType | null | undefined,
      depth: number,
      limit: number | undefined,
      inside: readonly string[],
    ): number {
      if (depth > MAX_DEPTH) refuse(`the query is nested deeper than ${MAX_DEPTH}`);
      let cost = 0;
      for (const node of nodes) {
        spend('selections');
        spend('directives', node.directives?.length);
        if (node.kind === 'Field') cost += costOfField(node, type, depth, limit, inside);
        else if (node.kind === 'InlineFragment') {
          const narrowed = node.typeCondition
            ? context.getSchema().getType(node.typeCondition.name.value)
            : type;
          cost += costOf(node.selectionSet, isObjectType(narrowed) ? narrowed : type, depth, limit, inside);
        } else {
          const name = node.name.value;
          if (inside.includes(name)) refuse('a fragment leads to itself');
          const fragment = context.getFragment(name);
          const narrowed = fragment && context.getSchema().getType(fragment.typeCondition.name.value);
          if (fragment)
            cost += costOf(fragment.selectionSet, isObjectType(narrowed) ? narrowed : type, depth, limit, [
              ...inside,
              name,
            ]);
        }
        if (cost > MAX_COST) refuse(`the query asks for more than ${MAX_COST} objects`);
      }
      return cost;
    }

    function costOfField(
      node: FieldNode,
      parent: GraphQLOutputType | null | undefined,
      depth: number,
      limit: number | undefined,
      inside: readonly string[],
    ): number {
      if (node.alias) spend('aliases');
      const asked = limitOf(node);
      if (!node.selectionSet) return 0;
      const known = parent && getNamedType(parent);
      const type =
        isObjectType(known) || isInterfaceType(known) ? known.getFields()[node.name.value]?.type : undefined;
      const many = type && isListType(getNullableType(type)) ? (limit ?? USUAL_LIMIT) : 1;
      return many * (1 + costOf(node.selectionSet, type, depth + 1, asked, inside));
    }

    function limitOf(node: FieldNode): number | undefined {
      const given = node.arguments?.find(({ name }) => name.value === 'limit')?.value;
      if (!given) return undefined;
      const value =
        given.kind === 'Variable'
          ? (variables[given.name.value] ?? USUAL_LIMIT)
          : Number('value' in given ? given.value : Number.NaN);
      if (typeof value !== 'number' || !(value >= 1 && value <= MAX_LIMIT))
        throw new GraphQLError(`limit is a number from 1 to ${MAX_LIMIT}`);
      return value;
    }

    return {
      OperationDefinition(node) {
        try {
          spend('operation');
          if (node.operation !== 'query') refuse(`a ${node.operation} is not possible here`);
          spend('fields at its root', node.selectionSet.selections.length);
          spend('directives', node.directives?.length);
          costOf(node.selectionSet, context.getSchema().getQueryType(), 1, undefined, []);
        } catch (error) {
          if (!(error instanceof GraphQLError)) throw error;
          context.reportError(error);
        }
        return false;
      },
    };
  };
