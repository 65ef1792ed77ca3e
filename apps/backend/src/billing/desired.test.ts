import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desiredOf } from './desired.ts';

const DAY = 86_400_000;
const due = '2026-03-01T00:00:00.000Z';
const after = (days: number) =>
  desiredOf({ state: 'past_due', pastDueSince: due }, Date.parse(due) + days * DAY);

test('each state of a subscription', () => {
  const of = (state: Parameters<typeof desiredOf>[0]['state']) =>
    desiredOf({ state, pastDueSince: null }, 0).run;
  assert.equal(of('pending'), 'nothing');
  for (const state of ['trialing', 'active', 'past_due'] as const) assert.equal(of(state), 'running');
  for (const state of ['unpaid', 'paused', 'cancelled'] as const) assert.equal(of(state), 'suspended');
});

test('an overdue payment: a week, then read-only, after two suspended', () => {
  assert.deepEqual(after(6.9), { run: 'running', readOnly: false });
  assert.deepEqual(after(7), { run: 'running', readOnly: true });
  assert.deepEqual(after(13.9), { run: 'running', readOnly: true });
  assert.deepEqual(after(14), { run: 'suspended', readOnly: false });
});
