import type { Db } from './database/db.ts';

/**
 * How long the house keeps what has served, in days; docs/security/data.md says the same. Mails go three months after
 * they were written, whatever became of them: whoever asks later finds the act in the log. Providers send an event
 * again for a month at most. Incidents stay long enough to be compared with those of a year before, days of use with
 * those of two.
 */
const KEPT: { days: number; sql: string }[] = [
  { days: 90, sql: `DELETE FROM mails WHERE state <> 'queued' AND created_at < $1` },
  {
    days: 180,
    sql: `DELETE FROM inbox_entries WHERE state IN ('done', 'ignored') AND created_at < $1`,
  },
  { days: 400, sql: `DELETE FROM inbox_entries WHERE state = 'dead' AND created_at < $1` },
  { days: 400, sql: `DELETE FROM incidents WHERE state = 'closed' AND closed_at < $1` },
  { days: 1_096, sql: 'DELETE FROM meter_days WHERE day < $1' },
];

const DAY_MS = 24 * 3_600_000;

/** Deletes what has been kept for long enough. */
export async function dropOutlived(platform: Db, now = Date.now()): Promise<void> {
  for (const { days, sql } of KEPT) await platform.query(sql, [new Date(now - days * DAY_MS)]);
}
