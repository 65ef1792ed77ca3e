import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUSE_WINDOW, isOpen, nextOpening } from './window.ts';

const at = (text: string) => Date.parse(text);
const opening = (window: typeof HOUSE_WINDOW, now: string) => {
  const { from, until } = nextOpening(window, at(now));
  return [new Date(from).toISOString(), new Date(until).toISOString()];
};

test('a window is open by the clock of its place, in winter and in summer', () => {
  assert.equal(isOpen(HOUSE_WINDOW, at('2026-12-01T01:00:00Z')), true, '2 h in Paris');
  assert.equal(isOpen(HOUSE_WINDOW, at('2026-12-01T00:59:59Z')), false);
  assert.equal(isOpen(HOUSE_WINDOW, at('2026-12-01T04:00:00Z')), false, '5 h in Paris');
  assert.equal(isOpen(HOUSE_WINDOW, at('2026-07-01T00:00:00Z')), true, '2 h in Paris');
  assert.equal(isOpen({ ...HOUSE_WINDOW, timeZone: 'Asia/Kathmandu' }, at('2026-12-01T20:15:00Z')), true);
});

test('a window that begins late goes on into the next day, and only then', () => {
  const sunday = { days: [7], from: 23, hours: 4, timeZone: 'Europe/Paris' };
  assert.equal(isOpen(sunday, at('2026-11-29T22:30:00Z')), true, 'Sunday 23.30');
  assert.equal(isOpen(sunday, at('2026-11-30T01:59:00Z')), true, 'Monday 2.59');
  assert.equal(isOpen(sunday, at('2026-11-30T02:00:00Z')), false, 'Monday 3.00');
  assert.equal(isOpen(sunday, at('2026-11-29T00:30:00Z')), false, 'Sunday 1.30');
});

test('the night in which an hour does not exist has a shorter window, the one with an hour twice a longer', () => {
  const two = { ...HOUSE_WINDOW, hours: 2 };
  // Paris, 29 March 2026: 2 h is 3 h. 25 October 2026: 3 h is 2 h again.
  assert.deepEqual(opening(two, '2026-03-28T12:00:00Z'), [
    '2026-03-29T01:00:00.000Z',
    '2026-03-29T02:00:00.000Z',
  ]);
  assert.deepEqual(opening(two, '2026-10-24T12:00:00Z'), [
    '2026-10-25T00:00:00.000Z',
    '2026-10-25T03:00:00.000Z',
  ]);
});

test('the next opening is the present one where it is open, and at most a week away', () => {
  assert.deepEqual(opening(HOUSE_WINDOW, '2026-12-01T02:20:00Z'), [
    '2026-12-01T01:00:00.000Z',
    '2026-12-01T04:00:00.000Z',
  ]);
  const tuesday = { ...HOUSE_WINDOW, days: [2] };
  assert.deepEqual(opening(tuesday, '2026-12-01T04:00:00Z'), [
    '2026-12-08T01:00:00.000Z',
    '2026-12-08T04:00:00.000Z',
  ]);
});
