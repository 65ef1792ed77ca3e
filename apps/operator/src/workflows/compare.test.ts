import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDoubtful, whyWorse } from './compare.ts';

const traffic = (requests: number, serverErrors: number, p95Ms: number | null = 40) => ({
  endpoint: 'unix:/x',
  requests,
  serverErrors,
  p95Ms,
});

test('a new process is worse that fails three times and more often than the former one', () => {
  assert.match(
    whyWorse(traffic(20, 3), traffic(1_000, 0), false) ?? '',
    /more errors: 5xx 0\/1000.* → 5xx 3\/20/,
  );
  assert.equal(whyWorse(traffic(20, 2), traffic(1_000, 0), true), undefined);
  assert.equal(
    whyWorse(traffic(100, 10), traffic(1_000, 100), true),
    undefined,
    'the former one failed as often',
  );
  assert.match(whyWorse(traffic(20, 3), null, false) ?? '', /more errors: – → 5xx 3\/20/);
});

test('it is in doubt while it has failed once or twice, which the former one did not', () => {
  assert.ok(isDoubtful(traffic(5, 1), traffic(1_000, 0)));
  assert.ok(isDoubtful(traffic(5, 2), null));
  assert.ok(!isDoubtful(traffic(5, 0), traffic(1_000, 0)));
  assert.ok(!isDoubtful(traffic(100, 1), traffic(1_000, 10)), 'the former one failed as often');
  assert.ok(!isDoubtful(traffic(20, 3), traffic(1_000, 0)), 'that is no doubt any more');
});

test('it is slower by twice the time and a quarter of a second, in the end, where fifty answers say so', () => {
  assert.match(whyWorse(traffic(50, 0, 400), traffic(50, 0, 100), true) ?? '', /slower/);
  assert.equal(whyWorse(traffic(50, 0, 400), traffic(50, 0, 100), false), undefined);
  assert.equal(whyWorse(traffic(49, 0, 400), traffic(50, 0, 100), true), undefined);
  assert.equal(whyWorse(traffic(50, 0, 340), traffic(50, 0, 100), true), undefined);
});
