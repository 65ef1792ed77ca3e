import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type TestBackend, testBackend } from '../testing/backend.ts';

let backend: TestBackend;
let headers: Record<string, string>;
before(async () => {
  backend = await testBackend();
  const atelier = await backend.instance('atelier');
  const { session } = await atelier.signedIn('administrator');
  headers = {
    authorization: `Bearer ${await atelier.signer.token()}`,
    'preau-session': session,
    'content-type': 'application/json',
  };
});
after(() => backend?.close());

async function ask(
  body: unknown,
  method = 'POST',
): Promise<{ status: number; text: string; said: string[] }> {
  const response = await fetch(`${backend.url}/v1/graphql`, {
    method,
    headers,
    ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
  });
  const text = await response.text();
  const { errors = [] }: { errors?: { message: string }[] } = JSON.parse(text);
  return { status: response.status, text, said: errors.map(({ message }) => message) };
}

describe('what people ask for is answered', () => {
  for (const query of [
    '{ Courses(limit: 100) { totalDocs docs { id title } } }',
    'query ($n: Int) { Courses(limit: $n) { docs { id } } Users { totalDocs } }',
    '{ a: Courses { totalDocs } b: Courses { totalDocs } }',
    'fragment F on Course { id title } { Courses { docs { ...F } } }',
    '{ Courses { docs { id @include(if: true) __typename } } }',
  ])
    test(query, async () => {
      const { said, status } = await ask({ query, variables: { n: 5 } });
      assert.deepEqual([status, said], [200, []]);
    });
});

test('the order of refusals tells nothing', async () => {
  const nobodys = '01a22a8d-aba2-7f05-a2a1-61ef85e8e2e0';
  for (let turn = 0; turn < 20; turn += 1) {
    const { text } = await ask({
      query: `{ a: User(id: "${nobodys}") { id } b: User(id: "${nobodys}") { id } }`,
    });
    const { errors }: { errors: { path: string[] }[] } = JSON.parse(text);
    assert.deepEqual(
      errors.map(({ path }) => path),
      [['a'], ['b']],
    );
  }
});

const many = (count: number, one: (i: number) => string) =>
  Array.from({ length: count }, (_, i) => one(i)).join(' ');
const fragments = many(
  20,
  (i) => `fragment F${i} on Course { ${i === 19 ? 'id' : `...F${i + 1} ... on Course { ...F${i + 1} }`} }`,
);

describe('what would be too much is refused before it runs:', () => {
  const refused: Record<string, [string, RegExp]> = {
    aliases: [`{ ${many(9, (i) => `a${i}: Courses { x: totalDocs y: totalDocs }`)} }`, /aliases/],
    'fields at the root': [`{ ${many(11, () => 'Courses { totalDocs }')} }`, /root/],
    operations: ['query A { Courses { totalDocs } } query B { Courses { totalDocs } }', /operation/],
    directives: [`{ Courses { totalDocs ${'@include(if: true) '.repeat(11)} } }`, /directives/],
    tokens: [`{ Courses { ${'id '.repeat(3_000)} } }`, /token/i],
    'an exponential fragment': [`${fragments} { Courses { docs { ...F0 } } }`, /selections|nested/],
    'a fragment’s circle': [
      'fragment A on Course { ...B } fragment B on Course { ...A } { Courses { docs { ...A } } }',
      /itself/,
    ],
    'no limit at all': ['{ Courses(limit: 0) { docs { id } } }', /limit/],
    'a huge limit': ['{ Courses(limit: 100000) { docs { id } } }', /limit/],
    'a negative limit': ['{ Courses(limit: -1) { docs { id } } }', /limit/],
    'a limit by a variable': ['query ($n: Int) { Courses(limit: $n) { docs { id } } }', /limit/],
    'more objects than anybody reads': [
      `{ ${many(10, (i) => `a${i}: Courses(limit: 100) { docs { draftVersion { course { draftVersion { course { draftVersion { id } } } } } } }`)} }`,
      /objects/,
    ],
    depth: [
      `{ Courses { docs ${'{ draftVersion { course '.repeat(5)} { id } ${'} }'.repeat(5)} } }`,
      /nested/,
    ],
    introspection: ['{ __schema { types { name } } }', /introspection/],
    'introspection of a type': ['{ __type(name: "User") { fields { name } } }', /introspection/],
    mutations: ['mutation { deleteCourse(id: "x") { id } }', /a mutation is not possible/],
    subscriptions: ['subscription { x }', /a subscription is not possible/],
  };
  for (const [name, [query, reason]] of Object.entries(refused))
    test(name, async () => {
      const began = performance.now();
      const { said } = await ask({ query, variables: { n: 5_000 } });
      assert.match(said.join('\n'), reason);
      assert.ok(performance.now() - began < 5_000);
      assert.ok(said.length <= 6);
    });

  test('a batch', async () =>
    assert.equal((await ask([{ query: '{ Courses { totalDocs } }' }])).status, 400));
  test('a GET', async () => assert.equal((await ask(undefined, 'GET')).status, 405));
  test('no query', async () => assert.equal((await ask({})).status, 400));
  test('a guess, without telling what would be right', async () => {
    const { text } = await ask({ query: '{ Course_ { id } Courses { doc { id } } }' });
    assert.match(text, /Cannot query field/);
    assert.doesNotMatch(text, /Did you mean/);
  });
});
