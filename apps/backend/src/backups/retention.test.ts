import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Dated, outlived } from './retention.ts';

const now = new Date('2026-11-30T03:00:00Z');
const daily = (days: number): Dated[] =>
  Array.from({ length: days }, (_, index) => ({
    id: `d${index}`,
    kind: 'scheduled' as const,
    takenAt: new Date(now.getTime() - index * 24 * 3_600_000),
  }));
const kept = { daily: 7, weekly: 5, monthly: 6 };

test('of a year of days, a week of days, five weeks and six months stay', () => {
  const backups = daily(365);
  const gone = new Set(outlived(backups, kept, now));
  const stays = backups
    .filter(({ id }) => !gone.has(id))
    .map(({ takenAt }) => takenAt.toISOString().slice(0, 10));
  assert.deepEqual(stays, [
    '2026-11-30',
    '2026-11-29',
    '2026-11-28',
    '2026-11-27',
    '2026-11-26',
    '2026-11-25',
    '2026-11-24',
    '2026-11-22',
    '2026-11-15',
    '2026-11-08',
    '2026-10-31',
    '2026-09-30',
    '2026-08-31',
    '2026-07-31',
    '2026-06-30',
  ]);
});

test('deciding again changes nothing, and the newest always stays', () => {
  const backups = daily(100);
  const gone = new Set(outlived(backups, kept, now));
  assert.deepEqual(
    outlived(
      backups.filter(({ id }) => !gone.has(id)),
      kept,
      now,
    ),
    [],
  );
  assert.deepEqual(outlived(daily(1), { daily: 1, weekly: 0, monthly: 0 }, new Date('2030-01-01')), []);
  assert.deepEqual(outlived([], kept, now), []);
});

test('of several on a day the newest stays; what was asked for stays a month', () => {
  const at = (id: string, hour: number, kind: Dated['kind'] = 'scheduled'): Dated => ({
    id,
    kind,
    takenAt: new Date(Date.UTC(2026, 10, 29, hour)),
  });
  const backups = [at('a', 1), at('b', 2, 'manual'), at('c', 3, 'safety'), at('d', 4)];
  assert.deepEqual(outlived(backups, kept, now), ['a']);
  assert.deepEqual(outlived(backups, kept, new Date('2027-03-01')), ['a', 'b', 'c']);
});
