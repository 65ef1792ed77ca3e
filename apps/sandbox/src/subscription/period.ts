export type Interval = 'month' | 'year';
export const DAY_MILLISECONDS = 24 * 60 * 60 * 1000;

/** The end of the `cycle`th period after the anchor; a 31st becomes the last day of a shorter month, in UTC. */
export function periodEnd(anchor: Date, interval: Interval, cycle: number): Date {
  const months = interval === 'year' ? 12 * cycle : cycle;
  const first = new Date(anchor);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(anchor.getUTCDate(), lastDay));
  return first;
}

export const addDays = (date: Date, days: number): Date => new Date(date.getTime() + days * DAY_MILLISECONDS);
