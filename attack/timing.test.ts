import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { median, signedRank } from './timing.ts';

test('noise on both sides is no difference, a small constant one is seen through it', () => {
  const noise = fc.sample(fc.double({ min: -5, max: 5, noNaN: true }), { numRuns: 200, seed: 20_261_130 });
  const even = noise.flatMap((each) => [each, -each]);
  assert.ok(signedRank(even) > 0.9);
  assert.ok(signedRank(even.map((each) => each + 1)) < 0.001);
  assert.ok(signedRank(even.map((each) => each - 1)) < 0.001);
});

test('what is known of the test', () => {
  // W+ = 55 of 10 pairs: z = 2.803.
  assert.ok(Math.abs(signedRank([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]) - 0.00506) < 0.0002);
  assert.equal(signedRank([]), 1);
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
});
