import { definePolicy } from './policy.ts';
import { permits, type Relation } from './viewer.ts';

/** What the rules about somebody's progress look at. */
export interface ProgressFacts extends Relation {
  /** Whose it is; null where it is about everybody in a course. */
  userId: string | null;
}

/** `save`: write down what one does oneself. */
export type ProgressVerb = 'read' | 'save';

export const can = definePolicy('progress', (viewer, verb: ProgressVerb, progress: ProgressFacts) => {
  const self = viewer !== null && viewer.id === progress.userId;
  switch (verb) {
    case 'save':
      return self;
    case 'read':
      return self || permits(viewer, 'progress.read', progress);
  }
});
