import { covers, type Grants, type Role } from '@preau/contract';
import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** What the rules about a person look at. */
export interface PersonFacts {
  /** What the person's role allows; of somebody who is invited, what theirs will allow. */
  grants: Grants;
}

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

export type PersonVerb = 'list' | 'invite' | 'manage';

/** Nobody disables somebody who may more than they do, or invites into a role that does. */
export const can = definePolicy('person', (viewer, verb: PersonVerb, person: PersonFacts) => {
  switch (verb) {
    case 'list':
      return permits(viewer, 'person.read');
    case 'invite':
      return permits(viewer, 'person.invite') && covers(viewer?.grants ?? {}, person.grants);
    case 'manage':
      return permits(viewer, 'person.manage') && covers(viewer?.grants ?? {}, person.grants);
  }
});

/** For what concerns nobody in particular. */
export const ANYBODY: PersonFacts = { grants: {} };
