/** Of how many days, weeks and months the newest backup is kept. */
export interface Kept {
  daily: number;
  weekly: number;
  monthly: number;
}

export interface Dated {
  id: string;
  kind: 'scheduled' | 'manual' | 'safety' | 'final';
  takenAt: Date;
}

/** What somebody asked for, and what was there before a restore, is kept for so long beside what the days keep. */
const ASKED_DAYS = 30;
const DAY_MS = 24 * 3_600_000;

const dayOf = (date: Date) => date.toISOString().slice(0, 10);
const monthOf = (date: Date) => date.toISOString().slice(0, 7);
/** Weeks since a Monday. */
const weekOf = (date: Date) => String(Math.floor((date.getTime() / DAY_MS + 3) / 7));

/** The backups of one tenant whose time is over. The newest is always kept. */
export function outlived(backups: readonly Dated[], kept: Kept, now: Date): string[] {
  const newestFirst = backups.toSorted((a, b) => b.takenAt.getTime() - a.takenAt.getTime());
  const [newest] = newestFirst;
  const stays = new Set(newest ? [newest.id] : []);
  const rules: [number, (date: Date) => string][] = [
    [kept.daily, dayOf],
    [kept.weekly, weekOf],
    [kept.monthly, monthOf],
  ];
  for (const [count, periodOf] of rules) {
    const periods = new Map<string, string>();
    for (const { id, takenAt } of newestFirst) {
      const period = periodOf(takenAt);
      if (!periods.has(period) && periods.size < count) periods.set(period, id);
    }
    for (const id of periods.values()) stays.add(id);
  }
  for (const { id, kind, takenAt } of backups) {
    if (kind !== 'scheduled' && now.getTime() - takenAt.getTime() < ASKED_DAYS * DAY_MS) stays.add(id);
  }
  return backups.filter(({ id }) => !stays.has(id)).map(({ id }) => id);
}
