import type { RateCard } from '@preau/contract/platform/metering';
import type { Db } from '../database/db.ts';
import { flagAnomalies } from './anomalies.ts';
import { DAY_COLUMNS, DAY_MS, dayOf, daysOfMinutes } from './usage.ts';

/** An operator that could not reach us hands its minutes in later, but not later than this. */
const LATE_MS = 2 * 3_600_000;

/** The first day that is not written down; the oldest minute's where none is. Undefined without minutes. */
export async function firstOpenDay(db: Db): Promise<Date | undefined> {
  const { day } = await db.one<{ day: Date | null }>(
    `SELECT coalesce((SELECT max(day) + interval '1 day' FROM meter_days),
       (SELECT date_trunc('day', min(at), 'UTC') FROM meter_minutes)) AS day`,
  );
  return day ?? undefined;
}

/**
 * Writes down every day that is over, each once and whole: a day is one statement, and its rows are unique. Minutes
 * older than asked for are then deleted, if their day is written down.
 */
export async function rollUp(
  db: Db,
  { rates, keepDays }: { rates: RateCard; keepDays: number },
  now: number,
): Promise<void> {
  const end = dayOf(now - LATE_MS).getTime();
  const first = await firstOpenDay(db);
  for (let day = first?.getTime() ?? end; day < end; day += DAY_MS) {
    const from = new Date(day);
    const written = await db.query(
      `INSERT INTO meter_days (${DAY_COLUMNS}) SELECT ${DAY_COLUMNS} FROM (${daysOfMinutes(rates)}) days
       ON CONFLICT (instance_id, day) DO NOTHING RETURNING 1 AS one`,
      [from, new Date(day + DAY_MS)],
    );
    if (written.length > 0) await flagAnomalies(db, from);
  }
  await db.query(
    `DELETE FROM meter_minutes WHERE at < $1 AND at < (SELECT max(day) + interval '1 day' FROM meter_days)`,
    [new Date(now - keepDays * DAY_MS)],
  );
}
