import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RateLimits } from './limits.ts';
import { Problem } from './problem.ts';

const limit = { max: 10, windowSeconds: 60, by: 'email' } as const;
const SECOND = 1_000;

function refusedAfter(limits: RateLimits, key: string, now: number): number {
  for (let count = 0; count < 1_000; count += 1) {
    try {
      limits.count('signIn', limit, key, now);
    } catch (error) {
      assert.ok(error instanceof Problem && error.type === 'rate-limited');
      return count;
    }
  }
  return Number.POSITIVE_INFINITY;
}

test('as many as allowed, for each key by itself', () => {
  const limits = new RateLimits(1);
  assert.equal(refusedAfter(limits, 'ada', 0), 10);
  assert.equal(refusedAfter(limits, 'bob', 0), 10);
  assert.equal(refusedAfter(new RateLimits(3), 'ada', 0), 30);
});

test('the window slides: a burst at its end does not allow a second one at once', () => {
  const limits = new RateLimits(1);
  assert.equal(refusedAfter(limits, 'ada', 0), 10);
  assert.equal(refusedAfter(limits, 'ada', 61 * SECOND), 1);
  assert.equal(refusedAfter(limits, 'ada', 90 * SECOND), 4);
  assert.equal(refusedAfter(limits, 'ada', 300 * SECOND), 10);
});

test('the refusal says how long to wait', () => {
  const limits = new RateLimits(1);
  refusedAfter(limits, 'ada', 0);
  assert.throws(
    () => limits.count('signIn', limit, 'ada', 20 * SECOND),
    (error: unknown) => error instanceof Problem && error.params.seconds === 40,
  );
});
