import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkVatNumber, groupSiren, groupVatNumber, isSiren } from './legalNumber.ts';

test('SIREN: nine digits with their check digit, spaces allowed', () => {
  for (const good of ['732829320', '732 829 320', '552100554', '356000000']) assert.ok(isSiren(good), good);
  for (const bad of ['732829321', '73282932', '7328293200', 'abcdefghi', '']) assert.ok(!isSiren(bad), bad);
});

test('VAT numbers: the French key is checked, others by their form', () => {
  assert.equal(checkVatNumber('FR44732829320'), 'ok');
  assert.equal(checkVatNumber('fr 44 732 829 320'), 'ok');
  assert.equal(checkVatNumber('FR45732829320'), 'wrong-key');
  assert.equal(checkVatNumber('FR4473282932'), 'malformed');
  assert.equal(checkVatNumber('DE123456789'), 'ok');
  assert.equal(checkVatNumber('12345'), 'malformed');
});

test('groups numbers as people read them', () => {
  assert.equal(groupSiren('732829320'), '732\u00a0829\u00a0320');
  assert.equal(groupVatNumber('FR44732829320'), 'FR\u00a044\u00a0732829320');
});
