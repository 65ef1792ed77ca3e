import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkOf } from './visitor.ts';

test('addresses of one household are one network, however they are written', () => {
  assert.equal(networkOf('203.0.113.9'), '203.0.113.9');
  assert.equal(networkOf('::ffff:203.0.113.9'), '203.0.113.9');
  assert.equal(networkOf('2001:db8::a'), networkOf('2001:db8:0:0:1:2:3:4'));
  assert.equal(networkOf('2001:0DB8:0000:0000::1'), networkOf('2001:db8::ffff'));
  assert.notEqual(networkOf('2001:db8:0:1::1'), networkOf('2001:db8:0:2::1'));
  assert.equal(networkOf('::1'), '0:0:0:0');
});
