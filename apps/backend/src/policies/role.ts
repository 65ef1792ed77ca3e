import { covers, type Grants } from '@preau/contract';
import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** What the rules about a role look at. */
export interface RoleFacts {
  /** What it allows; where it is changed or exchanged, before and after. */
  grants: readonly Grants[];
}

export type RoleVerb = 'list' | 'write' | 'assign';

/**
 * Nobody makes, changes, gives or takes away a role that allows more than they may themselves: neither the role as it
 * was nor as it will be.
 */
export const can = definePolicy('role', (viewer, verb: RoleVerb, { grants }: RoleFacts) => {
  const mine = viewer?.grants ?? {};
  switch (verb) {
    case 'list':
      return (['role.write', 'role.assign', 'person.invite', 'person.read'] as const).some((name) =>
        permits(viewer, name),
      );
    case 'write':
      return permits(viewer, 'role.write') && grants.every((each) => covers(mine, each));
    case 'assign':
      return permits(viewer, 'role.assign') && grants.every((each) => covers(mine, each));
  }
});
