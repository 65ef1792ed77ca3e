import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { introspection } from '../testing/introspection.ts';

let names: string[];

before(async () => {
  const { types } = await introspection();
  names = [...types.values()].flatMap(({ name, fields, inputs }) => [
    name,
    ...[...fields, ...inputs].map((field) => `${name}.${field.name}`),
  ]);
});

const named = (pattern: RegExp) => names.filter((name) => pattern.test(name));

test('no name in the schema says what is kept secret', () => {
  assert.deepEqual(named(/hash|secret|totp|challenge|throttle|passkey|recovery/i), []);
});

test('no name in the schema is of the platform’s own', () => {
  assert.deepEqual(named(/^(account|staff|tenant|instance|organisation|order|audit|mail)/i), []);
});

test('what is served is there, to read only', () => {
  assert.equal(named(/^Query\.(Courses|Users|SiteSettings)$/).length, 3);
  assert.deepEqual(named(/^Mutation|DocAccess|^Query\.(docAccess|Access|me|initialized)/), []);
});
