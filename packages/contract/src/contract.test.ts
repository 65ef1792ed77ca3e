import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Operation, operations, problems } from './index.ts';
import { openApi } from './openapi.ts';

const all = Object.entries(operations) as [string, Operation][];

test('every operation is exported under its own id and has its own address', () => {
  const addresses = new Set<string>();
  for (const [name, operation] of all) {
    assert.equal(operation.id, name);
    const address = `${operation.method} ${operation.path.replace(/\{\w+\}/g, '{}')}`;
    assert.ok(!addresses.has(address), `${address} is declared twice`);
    addresses.add(address);
  }
});

test('path parameters are declared exactly', () => {
  for (const [name, operation] of all) {
    const inPath = [...operation.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    const shape =
      operation.params && 'shape' in operation.params ? Object.keys(operation.params.shape as object) : [];
    assert.deepEqual(shape.sort(), inPath, name);
  }
});

test('the OpenAPI document holds every operation', () => {
  const document = openApi('http://api.localhost') as { paths: Record<string, Record<string, unknown>> };
  const count = Object.values(document.paths).reduce((sum, item) => sum + Object.keys(item).length, 0);
  assert.equal(count, all.length);
  assert.doesNotThrow(() => JSON.stringify(document));
});

test('the OpenAPI document points to nothing that it does not hold', () => {
  const document: unknown = openApi('http://api.localhost');
  const pointers = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
  assert.ok(pointers.length > 0);
  for (const pointer of new Set(pointers)) {
    const found = pointer
      .split('/')
      .reduce<unknown>((inside, key) => (inside as Record<string, unknown> | undefined)?.[key], document);
    assert.ok(found, pointer);
  }
});

test('every problem is worded in both languages, with the same parameters', () => {
  for (const [name, { fr, en }] of Object.entries(problems)) {
    const names = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort();
    assert.deepEqual(names(fr), names(en), name);
  }
});
