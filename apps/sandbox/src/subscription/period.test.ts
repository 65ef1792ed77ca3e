import assert from 'node:assert/strict';
import { test } from 'node:test';
import { periodEnd } from './period.ts';

const end = (anchor: string, interval: 'month' | 'year', cycle: number) =>
  periodEnd(new Date(anchor), interval, cycle).toISOString();

test('comes back to the 31st after a short month', () => {
  assert.equal(end('2027-01-31T10:00:00.000Z', 'month', 1), '2027-02-28T10:00:00.000Z');
  assert.equal(end('2027-01-31T10:00:00.000Z', 'month', 2), '2027-03-31T10:00:00.000Z');
  assert.equal(end('2027-12-31T23:59:59.999Z', 'month', 1), '2028-01-31T23:59:59.999Z');
});

test('keeps the 29th of February for leap years', () => {
  assert.equal(end('2028-02-29T00:00:00.000Z', 'year', 1), '2029-02-28T00:00:00.000Z');
  assert.equal(end('2028-02-29T00:00:00.000Z', 'year', 4), '2032-02-29T00:00:00.000Z');
});
