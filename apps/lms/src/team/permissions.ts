import type { Grants } from '@preau/contract/permission';

/** Whether a role is made for having a team: what opens its page from the bar. */
export const hasTeam = (grants: Grants): boolean => grants['progress.read']?.includes('team') === true;
