import type { Role } from '@preau/contract';
import type { Viewer } from './viewer.ts';

/** What the rules about a change to a person look at. */
export interface PersonChange {
  role: Role;
  active: boolean;
  /** Administrators who can sign in, this person included. */
  administrators: number;
  next: { role: Role; active: boolean };
}

/** Whether an administrator remains who can sign in once the change is made. */
export function keepsAnAdministrator({ role, active, administrators, next }: PersonChange): boolean {
  const was = role === 'administrator' && active;
  const stays = next.role === 'administrator' && next.active;
  return !was || stays || administrators > 1;
}

export type PersonVerb = 'list' | 'invite' | 'change';

/** People are the administrators' business alone; `change` must also leave an administrator. */
export function can(viewer: Viewer, verb: PersonVerb, change?: PersonChange): boolean {
  if (viewer?.role !== 'administrator') return false;
  return verb !== 'change' || change === undefined || keepsAnAdministrator(change);
}
