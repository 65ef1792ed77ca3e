import type { Needed } from '@preau/contract/permission';

/** What opens the studio at all. */
export const STUDIO = ['course.read', 'course.create'] as const satisfies Needed;
