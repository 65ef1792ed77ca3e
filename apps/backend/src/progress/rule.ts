/**
 * A rule is a tree. Leaves about « this activity » make sense in an activity's completion rule; the others
 * make sense everywhere.
 */
export type Rule =
  | { all: Rule[] }
  | { any: Rule[] }
  /** This activity was opened. */
  | { viewed: true }
  /** The learner said they are done with this activity. */
  | { markedDone: true }
  /** An attempt at this quiz reached its pass mark. */
  | { quizPassed: true }
  /** The counting score of this quiz is at least this percentage, 0–100. */
  | { minScore: number }
  /** Another activity, by its lineage, is completed. */
  | { activityCompleted: string }
  /** A module, by its lineage, is completed: all its required activities are. */
  | { moduleCompleted: string }
  /** A moment, ISO 8601 with offset. */
  | { after: string };

export type ActivityType = 'lesson' | 'quiz';

/** What completes an activity when its author said nothing. */
export const DEFAULT_COMPLETION: Record<ActivityType, Rule> = {
  lesson: { markedDone: true },
  quiz: { quizPassed: true },
};

/** Lineages that a rule mentions, to find those which no longer exist. */
export function mentions(rule: Rule): { activities: string[]; modules: string[] } {
  const found = { activities: [] as string[], modules: [] as string[] };
  const walk = (node: Rule): void => {
    if ('all' in node) node.all.forEach(walk);
    else if ('any' in node) node.any.forEach(walk);
    else if ('activityCompleted' in node) found.activities.push(node.activityCompleted);
    else if ('moduleCompleted' in node) found.modules.push(node.moduleCompleted);
  };
  walk(rule);
  return found;
}
