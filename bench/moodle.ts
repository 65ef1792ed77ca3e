/**
 * What a tuned Moodle 4.5 (php-fpm, opcache, PostgreSQL) does on two cores, 16 at once, for signed-in learners; the
 * measurement of our design notes, not of this run.
 */
export const moodle = {
  pages: [
    { name: 'course page', perSecond: 27.6, cpuMs: 72 },
    { name: 'lesson page', perSecond: 46, cpuMs: 43 },
    { name: 'save an answer', perSecond: 123, cpuMs: 17 },
  ],
  /** Until a new site answers: its database and files copied from a prepared one, or installed from nothing. */
  provisioning: { cloneMs: 3_000, installMs: 45_000 },
  coldCoursePage: { bytes: 1_242_000, requests: 27 },
} as const;

/** What we want to reach. */
export const aims = { timesMoodle: 10, liveMs: 4_000, liveFromStandbyMs: 1_000, coldBytes: 200_000 } as const;
