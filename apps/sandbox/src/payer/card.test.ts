import assert from 'node:assert/strict';
import { test } from 'node:test';
import { charge, luhn, readCard, testCards } from './card.ts';

const now = new Date('2026-11-24T12:00:00Z');
const faults = (number: string, expiry = '12/30', cvc = '123') => {
  const read = readCard({ number, expiry, cvc }, now);
  return 'faults' in read ? read.faults.map(({ field, fault }) => `${field}.${fault}`) : [];
};

test('knows its test cards, each with a valid check digit', () => {
  for (const { number, behaviour } of testCards) {
    assert.ok(luhn(number), number);
    const read = readCard(
      { number: number.replaceAll(/(.{4})/g, '$1 '), expiry: ' 1 / 2027 ', cvc: '1234' },
      now,
    );
    assert.deepEqual(read, { card: { last4: number.slice(-4), expiry: '01/27', behaviour } });
  }
});

test('names what is wrong, field by field', () => {
  assert.deepEqual(faults('', '', ''), ['number.missing', 'expiry.missing', 'cvc.missing']);
  assert.deepEqual(faults('4111 1111 1111 1111'), ['number.real']);
  assert.deepEqual(faults('1234'), ['number.wrong']);
  assert.deepEqual(faults('4242424242424242', '13/30'), ['expiry.wrong']);
  assert.deepEqual(faults('4242424242424242', '10/26'), ['expiry.past']);
  assert.deepEqual(faults('4242424242424242', '11/26'), []);
  assert.deepEqual(faults('4242424242424242', '12/30', '12'), ['cvc.wrong']);
});

test('asks for authentication only while the customer is there', () => {
  const card = { last4: '3184', expiry: '12/30', behaviour: 'challenge' } as const;
  assert.equal(charge(card, 'first').result, 'challenge');
  assert.equal(charge(card, 'later').result, 'paid');
});
