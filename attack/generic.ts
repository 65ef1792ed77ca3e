/**
 * Payload's own doors: REST below `/v1/collections/` and GraphQL. What they offer is read from the server (the
 * schema by introspection, collections by the tables that the catalogue knows), so that a new collection is attacked.
 */
import {
  type Introspected,
  type IntrospectedType,
  introspection,
} from '../apps/backend/src/testing/introspection.ts';
import type { Attack } from './attack.ts';
import { problemName } from './attack.ts';
import type { Identity } from './identities.ts';
import { nobodys } from './names.ts';
import { type Answer, normalised, type Probe } from './probe.ts';
import type { Customer } from './world.ts';

type Types = ReadonlyMap<string, IntrospectedType>;

const camel = (table: string) => table.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

interface Case {
  operation: string;
  way: string;
  /** The request, with a value in the place that names something. */
  make(value: string): { method: string; target: string; body?: string; headers?: Record<string, string> };
  /** Values of the stranger's that it may name. */
  values: string[];
}

/** Adds Payload's doors to a run of the attack. */
export async function attackGeneric(
  attack: Attack,
  identities: readonly Identity[],
  {
    say = () => {},
    only = () => true,
  }: { say?: (done: number, where: string) => void; only?: (operation: string) => boolean } = {},
): Promise<void> {
  const { world } = attack;
  const schema = await introspection();
  for (const [turn, identity] of identities.entries()) {
    const strangers = identity.foreign === 'others' ? [world.victim] : [world.victim, world.suspended];
    for (const stranger of strangers) {
      const cases = [...restCases(attack, stranger), ...graphqlCases(schema, stranger)];
      const watch = attack.watch(identity);
      let headers = await identity.headers();
      for (const each of cases.filter(({ operation }) => only(operation))) {
        for (const [index, value] of each.values.entries()) {
          if (!attack.takes(each.operation, identity.name, each.way, stranger.name, index)) continue;
          await watch.begin();
          const ask = async (named: string): Promise<{ answer: Answer; probe: Probe; text: string }> => {
            const request = each.make(named);
            const probe: Probe = {
              operation: each.operation,
              identity: identity.name,
              way: each.way,
              ...request,
              headers: {
                ...headers,
                ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
                ...request.headers,
              },
            };
            const answer = await attack.probe(probe, identity);
            watch.note(probe);
            if (identity.refused && answer.status < 400)
              attack.find('believed', probe, `answered ${answer.status}`);
            return { answer, probe, text: normalised(answer, named) };
          };
          const there = await ask(value);
          const nowhere = await ask(nobodys(value));
          if (there.text === nowhere.text || identity.readsOnly) continue;
          headers = await identity.headers();
          const [again, nowhereAgain] = [await ask(value), await ask(nobodys(value))];
          if (again.text === nowhereAgain.text) continue;
          attack.find(
            'tells',
            there.probe,
            `${there.answer.status} ${problemName(there.answer) ?? ''} for what is the victim’s, ${nowhere.answer.status} ${problemName(nowhere.answer) ?? ''} for what does not exist`,
          );
        }
        await watch.lookWhenDue();
        say(turn / identities.length, `${identity.name}, ${each.operation}`);
      }
      await watch.look();
    }
  }
}

/** An id, a text and a relation of each table's rows. */
function restCases(attack: Attack, stranger: Customer): Case[] {
  const { tables, marks } = attack.world;
  const canaries = new Map<string, string>();
  for (const [mark, { owner, table, column }] of marks) {
    if (owner === stranger.name && mark.startsWith('cnr')) canaries.set(`${table} ${column}`, mark);
  }
  return [...tables.values()].flatMap((table): Case[] => {
    if (table.holds === 'internal') return [];
    const slug = camel(table.name);
    const path = `/v1/collections/${slug}`;
    const operation = `collections/${slug}`;
    const ids = (stranger.rows.get(table.name) ?? []).slice(0, 2);
    const get = (way: string, target: (value: string) => string, values: string[]): Case => ({
      operation,
      way,
      make: (value) => ({ method: 'GET', target: target(encodeURIComponent(value)) }),
      values,
    });
    const write = (way: string, method: string, target: (value: string) => string, headers = {}): Case => ({
      operation,
      way,
      make: (value) => ({
        method,
        target: target(value),
        headers,
        body: JSON.stringify({ tenant: stranger.tenantId, id: value, title: 'Pris', name: 'Pris' }),
      }),
      values: ids.slice(0, 1),
    });
    const texts = table.columns.filter(({ name }) => canaries.has(`${table.name} ${name}`)).slice(0, 3);
    const relations = [...table.targets].filter(([, target]) => stranger.rows.has(target));
    return [
      get('path', (id) => `${path}/${id}`, ids),
      get('depth', (id) => `${path}/${id}?depth=10`, ids),
      get('version', (id) => `${path}/versions/${id}?draft=true`, ids.slice(0, 1)),
      get('where', (id) => `${path}?where[id][equals]=${id}`, ids),
      get(
        'where',
        (id) => `${path}?where[or][0][id][in]=${id}&where[or][1][and][0][id][equals]=${id}`,
        ids.slice(0, 1),
      ),
      get('where', (tenant) => `${path}?where[tenant][equals]=${tenant}`, [stranger.tenantId]),
      get('where', (tenant) => `${path}?where[tenant.id][equals]=${tenant}`, [stranger.tenantId]),
      get('bulk', (id) => `${path}?limit=0&pagination=false&where[id][exists]=true&x=${id}`, ids.slice(0, 1)),
      get('sort', (id) => `${path}?sort=-tenant,tenant.name,id&limit=1000&x=${id}`, ids.slice(0, 1)),
      get(
        'select',
        (id) => `${path}?select[tenant]=true&select[tokenHash]=true&select[passwordHash]=true&x=${id}`,
        ids.slice(0, 1),
      ),
      get(
        'populate',
        (id) => `${path}?depth=2&populate[users][passwordHash]=true&populate[tenants][name]=true&x=${id}`,
        ids.slice(0, 1),
      ),
      get(
        'joins',
        (id) => `${path}?joins[courses][limit]=0&joins[users][where][id][equals]=${id}`,
        ids.slice(0, 1),
      ),
      get('locale', (id) => `${path}/${id}?locale=all&fallback-locale=en&draft=true`, ids.slice(0, 1)),
      get('count', (id) => `${path}/count?where[id][equals]=${id}`, ids.slice(0, 1)),
      get('access', (id) => `${path}/access/${id}`, ids.slice(0, 1)),
      ...texts.flatMap(({ name }) =>
        ['equals', 'like', 'contains'].map((operator) =>
          get('where', (text) => `${path}?where[${camel(name)}][${operator}]=${text}`, [
            canaries.get(`${table.name} ${name}`) ?? '',
          ]),
        ),
      ),
      ...relations.flatMap(([column, target]) => {
        const relation = camel(column.replace(/_id$/, ''));
        return [
          get(
            'relation',
            (id) => `${path}?where[${relation}][equals]=${id}`,
            (stranger.rows.get(target) ?? []).slice(0, 1),
          ),
          get(
            'relation',
            (id) => `${path}?where[${relation}.id][equals]=${id}`,
            (stranger.rows.get(target) ?? []).slice(0, 1),
          ),
        ];
      }),
      write('bulk', 'PATCH', (id) => `${path}?where[id][equals]=${id}`),
      write('bulk', 'DELETE', (id) => `${path}?where[id][equals]=${id}`),
      write('path', 'PATCH', (id) => `${path}/${id}`),
      write('path', 'DELETE', (id) => `${path}/${id}`),
      write('body', 'POST', () => path),
      write('method override', 'POST', (id) => `${path}?where[id][equals]=${id}`, {
        'x-http-method-override': 'GET',
        'x-payload-http-method-override': 'GET',
      }),
    ];
  });
}

/** Fields of an object that can be read at once, and one level of what they point to. */
function selection(types: Types, name: string, depth: number): string {
  const fields = types.get(name)?.fields ?? [];
  const parts = fields.flatMap(({ name: key, type, args }) => {
    if (args.some(({ required }) => required)) return [];
    const inner = types.get(type);
    if (inner?.kind === 'object') {
      if (depth === 0) return [];
      const below = selection(types, inner.name, depth - 1);
      return below ? [`${key} ${below}`] : [];
    }
    return inner?.kind === 'scalar' || inner?.kind === 'enum' ? [key] : [];
  });
  return parts.length > 0 ? `{ ${parts.join(' ')} }` : '';
}

function graphqlCases({ types, queries, mutations }: Introspected, stranger: Customer): Case[] {
  const ids = [...stranger.rows.values()].flatMap((rows) => rows.slice(0, 1));
  const post = (
    operation: string,
    way: string,
    query: (value: string) => string,
    values: string[],
    variables = false,
  ): Case => ({
    operation: `graphql ${operation}`,
    way,
    make: (value) => ({
      method: 'POST',
      target: '/v1/graphql',
      body: JSON.stringify({
        query: query(value),
        ...(variables ? { variables: { id: value, tenant: value } } : {}),
      }),
    }),
    values,
  });
  return [...queries, ...mutations].flatMap((root): Case[] => {
    const returned = root.type;
    const body = selection(types, returned, 2);
    const kind = mutations.includes(root) ? 'mutation' : 'query';
    const args = new Map(root.args.map((arg) => [arg.name, arg]));
    const cases: Case[] = [];
    const table = tableLike(root.name, stranger);
    const own = table ? (stranger.rows.get(table) ?? []).slice(0, 2) : ids.slice(0, 2);
    const id = args.get('id');
    if (id) {
      cases.push(
        post(
          root.name,
          'GraphQL argument',
          (value) => `${kind} { ${root.name}(id: "${value}") ${body} }`,
          own,
        ),
        post(
          root.name,
          'GraphQL alias',
          (value) =>
            `${kind} { a: ${root.name}(id: "${value}") ${body} b: ${root.name}(id: "${value}") ${body} }`,
          own.slice(0, 1),
        ),
        post(
          root.name,
          'GraphQL variables',
          () => `${kind} q($id: ${id.type}${id.required ? '!' : ''}) { ${root.name}(id: $id) ${body} }`,
          own.slice(0, 1),
          true,
        ),
        post(
          root.name,
          'GraphQL fragment',
          (value) => `${kind} { ${root.name}(id: "${value}") { ...f } } fragment f on ${returned} ${body}`,
          own.slice(0, 1),
        ),
      );
      if (args.has('draft'))
        cases.push(
          post(
            root.name,
            'draft',
            (value) => `${kind} { ${root.name}(id: "${value}", draft: true) ${body} }`,
            own.slice(0, 1),
          ),
        );
    } else {
      cases.push(
        post(root.name, 'GraphQL field', (value) => `${kind} { ${root.name} ${body} } # ${value}`, [
          stranger.tenantId,
        ]),
      );
    }
    const where = args.get('where');
    if (where) {
      const inputs = types.get(where.type)?.inputs ?? [];
      for (const input of inputs) {
        const operators = types.get(input.type)?.inputs ?? [];
        const equals = operators.find(({ name }) => name === 'equals');
        if (!equals) continue;
        const scalar = types.get(equals.type);
        if (scalar?.kind !== 'scalar' || !/String|JSON|ID/.test(scalar.name)) continue;
        const values = input.name === 'tenant' ? [stranger.tenantId] : own.slice(0, 1);
        cases.push(
          post(
            root.name,
            'where',
            (value) => `{ ${root.name}(where: { ${input.name}: { equals: "${value}" } }) ${body} }`,
            values,
          ),
        );
      }
      cases.push(
        post(
          root.name,
          'where',
          (value) =>
            `{ ${root.name}(where: { OR: [{ id: { equals: "${value}" } }, { id: { exists: true } }] }, limit: 100) ${body} }`,
          own.slice(0, 1),
        ),
      );
    }
    if (args.has('sort')) {
      for (const sort of ['-tenant', 'tenant.name', '-id'])
        cases.push(
          post(
            root.name,
            'sort',
            (value) => `{ ${root.name}(sort: "${sort}", limit: 100) ${body} } # ${value}`,
            own.slice(0, 1),
          ),
        );
    }
    return cases;
  });
}

/** The table that a root field reads: `Courses`, `countCourses` and `Course` are all of `courses`. */
function tableLike(name: string, stranger: Customer): string | undefined {
  const bare = name.replace(
    /^(count|docAccess|version|versions|create|update|delete|duplicate|restoreVersion)(?=[A-Z])/,
    '',
  );
  const snake = bare.replace(/[A-Z]/g, (letter, at: number) => `${at > 0 ? '_' : ''}${letter.toLowerCase()}`);
  return [...stranger.rows.keys()].find(
    (table) => table === snake || table === `${snake}s` || table === `${snake}es`,
  );
}
