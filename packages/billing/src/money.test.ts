import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatMoney, portion } from './index.ts';

test('takes a portion in whole minor units, halves away from zero', () => {
  assert.equal(portion(4_900, 2_000), 980);
  assert.equal(portion(1, 5_000), 1);
  assert.equal(portion(-1, 5_000), -1);
  assert.equal(portion(333, 3_333), 111);
  assert.equal(portion(0, 2_000), 0);
});

test('writes money as people read it', () => {
  assert.equal(formatMoney({ minor: 123_450, currency: 'EUR' }, 'fr'), '1\u202f234,50\u00a0€');
  assert.equal(formatMoney({ minor: 123_450, currency: 'EUR' }, 'en'), '€1,234.50');
  assert.equal(formatMoney({ minor: -5, currency: 'USD' }, 'en'), '-US$0.05');
});
