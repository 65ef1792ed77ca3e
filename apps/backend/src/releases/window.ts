import type { MaintenanceWindow } from '@preau/contract/platform/releases';

/** Where nobody chose: every night, before anybody begins to work. */
export const HOUSE_WINDOW: MaintenanceWindow = {
  days: [1, 2, 3, 4, 5, 6, 7],
  from: 2,
  hours: 3,
  timeZone: 'Europe/Paris',
};

const QUARTER_MS = 15 * 60_000;
/** A week and the longest window: within it every window has opened and closed. */
const HORIZON = (7 * 24 + 24) * 4;
const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

const clocks = new Map<string, Intl.DateTimeFormat>();
function clockOf(timeZone: string): Intl.DateTimeFormat {
  let clock = clocks.get(timeZone);
  if (!clock) {
    clock = new Intl.DateTimeFormat('en-GB', {
      timeZone,
      weekday: 'short',
      hour: 'numeric',
      hourCycle: 'h23',
    });
    clocks.set(timeZone, clock);
  }
  return clock;
}

/** What the wall clock of the place shows: the day of the week (1 is Monday) and the hour. */
function wallClock(instant: number, timeZone: string): { day: number; hour: number } {
  const parts = clockOf(timeZone).formatToParts(instant);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return { day: weekdays.indexOf(of('weekday')) + 1, hour: Number(of('hour')) };
}

/**
 * Whether the window is open. It is read off the wall clock, so that it stays where people expect it when clocks
 * change: an hour that comes twice is twice in it, and one that does not exist shortens it.
 */
export function isOpen({ days, from, hours, timeZone }: MaintenanceWindow, instant: number): boolean {
  const { day, hour } = wallClock(instant, timeZone);
  const yesterday = day === 1 ? 7 : day - 1;
  return (
    (days.includes(day) && hour >= from && hour < from + hours) ||
    (days.includes(yesterday) && hour + 24 < from + hours)
  );
}

/** When the window opens next and closes again; the present one where it is open. */
export function nextOpening(window: MaintenanceWindow, now: number): { from: number; until: number } {
  // Every offset from UTC in use is a multiple of a quarter of an hour.
  const quarter = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  let from = quarter;
  if (isOpen(window, from)) while (isOpen(window, from - QUARTER_MS)) from -= QUARTER_MS;
  else for (let steps = 0; steps < HORIZON && !isOpen(window, from); steps += 1) from += QUARTER_MS;
  let until = Math.max(from, quarter);
  // Windows of every day and of more hours than a day has would never close.
  for (let steps = 0; steps < HORIZON && isOpen(window, until); steps += 1) until += QUARTER_MS;
  return { from, until };
}
