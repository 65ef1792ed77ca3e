import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isSiren } from './siren.ts';
import { vatFault } from './vatNumber.ts';

test('a SIREN carries a Luhn digit', () => {
  for (const siren of ['732829320', '552100554', '356000000']) assert.equal(isSiren(siren), true, siren);
  for (const siren of ['732829321', '73282932', '7328293200', '73282932A'])
    assert.equal(isSiren(siren), false, siren);
});

test('a French VAT number holds its SIREN and its key', () => {
  assert.equal(vatFault('FR44732829320'), null);
  assert.equal(vatFault('FR45732829320'), 'check-digits');
  assert.equal(vatFault('FR44732829321'), 'check-digits');
  assert.equal(vatFault('FR4473282932'), 'format');
});

test('other countries are checked by form, unknown ones refused', () => {
  for (const number of [
    'DE123456789',
    'BE0403170701',
    'NL123456789B01',
    'IE6388047V',
    'ESX1234567X',
    'EL123456789',
  ])
    assert.equal(vatFault(number), null, number);
  assert.equal(vatFault('DE12345678'), 'format');
  assert.equal(vatFault('US123456789'), 'country');
});
