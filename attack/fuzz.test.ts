import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFlat, replacedEach } from './fuzz.ts';

test('memory that grows from round to round is seen, caches that fill and a late start are not taken for it', () => {
  assert.ok(isFlat([309, 180, 190, 192, 203, 203]));
  assert.ok(!isFlat([309, 180, 200, 220, 245, 270]));
});

test('a hostile value takes the place of each leaf in turn', () => {
  assert.deepEqual(replacedEach({ a: 1, b: [2, {}] }, 'x'), [
    { a: 'x', b: [2, {}] },
    { a: 1, b: ['x', {}] },
    { a: 1, b: [2, 'x'] },
  ]);
});
