import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromClock, toClock } from './instant.ts';

test('what is typed is a time of Paris, also where the clock is changed', () => {
  assert.equal(fromClock('2026-11-24T03:15:20'), '2026-11-24T02:15:20.000Z');
  assert.equal(fromClock('2026-07-14T12:00'), '2026-07-14T10:00:00.000Z');
  // Comes twice.
  assert.equal(fromClock('2026-10-25T02:30'), '2026-10-25T00:30:00.000Z');
  // Does not come at all.
  assert.equal(fromClock('2026-03-29T02:30'), '2026-03-29T00:30:00.000Z');
  assert.equal(fromClock('yesterday'), null);
  for (const at of ['2026-10-25T00:59:59.000Z', '2026-10-25T02:00:00.000Z', '2026-03-29T01:00:00.000Z'])
    assert.equal(fromClock(toClock(at)), at);
});
