import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Operation, operations } from '@preau/contract';
import type { Implementation } from './implement.ts';
import { Router } from './router.ts';

const all = (Object.values(operations) as Operation[]).map(
  (operation): Implementation => ({ operation, handler: async () => undefined }),
);
const router = new Router(all);

test('every operation is found at its own address', () => {
  for (const { operation } of all) {
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => `value%20of-${name}`);
    const match = router.match(operation.method, path);
    assert.equal(match.found?.operation.id, operation.id);
    assert.deepEqual(
      match.found && match.params,
      Object.fromEntries(names.map((name) => [name, `value of-${name}`])),
    );
  }
});

test('other addresses are not', () => {
  for (const path of [
    '/',
    '/v1',
    '/v1/',
    '/v1/courses/',
    '/v1//courses',
    '/v1/courses/a/b/c',
    '/v2/courses',
    '',
  ]) {
    assert.equal(router.match('GET', path).found, undefined, path);
  }
});

test('a malformed escape is handed on as it is', () => {
  const match = router.match('GET', '/v1/courses/%ff');
  assert.deepEqual(match.found && match.params, { slug: '%ff' });
});
