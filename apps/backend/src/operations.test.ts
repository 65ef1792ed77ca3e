import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contractGaps } from './http/completeness.ts';
import { implementations } from './operations.ts';

test('every operation of the contract is carried out once', () => {
  assert.deepEqual(contractGaps(implementations), []);
});
