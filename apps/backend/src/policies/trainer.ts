import type { Grants } from '@preau/contract';
import { grantedWithin } from './grants.ts';
import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** What the rules about the trainers of a course look at. */
export interface TrainerFacts {
  /** The viewer is a trainer of the course. */
  own: boolean;
  /** What the roles of those who become trainers, or stop being one, allow. */
  people: readonly Grants[];
}

/** `assign`: nobody makes a trainer of somebody who could then do more with the course than they may themselves. */
export const can = definePolicy(
  'trainer',
  (viewer, _verb: 'assign', { own, people }: TrainerFacts) =>
    [...new Set(people.flatMap((each) => grantedWithin(each, 'own')))].every((name) =>
      permits(viewer, name, { own }),
    ) && permits(viewer, 'trainer.assign', { own }),
);
