import { covers, type Grants, type Role } from '@preau/contract';
import { grantedWithin } from './grants.ts';
import { definePolicy } from './policy.ts';
import { permits, type Viewer } from './viewer.ts';

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

/** What the rules about a person's manager look at. */
export interface LeadFacts {
  /** What the roles of the managers before and after allow. */
  managers: readonly Grants[];
  /** The viewer is the person's manager. */
  team: boolean;
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

/**
 * Whether the viewer may say who manages somebody. A manager gains power over the person: nobody hands out, to
 * themselves or others, what they may not do with that very person already.
 */
export const canLead = definePolicy(
  'person',
  (viewer: Viewer, _verb: 'lead', { managers, team }: LeadFacts) =>
    permits(viewer, 'person.manage') &&
    managers.every((each) => grantedWithin(each, 'team').every((name) => permits(viewer, name, { team }))),
);

/** Nobody does that to somebody who may more than they do, or to themselves: for one's own there are other ways. */
export const canSecure = definePolicy(
  'person',
  (viewer, _verb: 'reset-factors' | 'end-sessions', { userId, grants }: PersonFacts & { userId: string }) =>
    viewer?.id !== userId && permits(viewer, 'person.manage') && covers(viewer?.grants ?? {}, grants),
);

/** For what concerns nobody in particular. */
export const ANYBODY: PersonFacts = { grants: {} };
