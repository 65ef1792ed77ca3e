import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readMemoryUse } from './memory.ts';
import { chooseSleepers } from './policy.ts';

const MINUTE = 60_000;
const MIB = 1024 * 1024;
const instances = [1, 40, 3, 0.5, 31].map((minutes, n) => ({
  instanceId: String(n),
  idleMs: minutes * MINUTE,
  memoryBytes: 100 * MIB,
}));
const chosen = (idleMinutes: number, excessMiB: number) =>
  chooseSleepers(instances, { idleMs: idleMinutes * MINUTE, memoryShare: 0.85 }, excessMiB * MIB).map(
    ({ instanceId }) => instanceId,
  );

test('those that are idle for long enough sleep', () => {
  assert.deepEqual(chosen(30, -500), ['1', '4']);
  assert.deepEqual(chosen(0, -500), []);
});

test('under pressure the least recently used go, until enough is free; what was used just now stays', () => {
  assert.deepEqual(chosen(30, 250), ['1', '4', '2']);
  assert.deepEqual(chosen(0, 100), ['1']);
  assert.deepEqual(chosen(0, 10_000), ['1', '4', '2', '0']);
});

test('the memory in use is known here', { skip: process.platform !== 'linux' }, async () => {
  const use = await readMemoryUse();
  assert.ok(use && use.usedBytes > 0 && use.usedBytes < use.totalBytes);
});
