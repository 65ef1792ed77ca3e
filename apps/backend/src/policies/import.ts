import { definePolicy } from './policy.ts';
import { permits } from './viewer.ts';

/** What the rules about an import look at. */
export interface ImportFacts {
  /** The viewer started it, or is about to. */
  started: boolean;
  /** The viewer is a trainer of the course that it fills, or it makes one. */
  own: boolean;
}

/** One’s own imports, and those of others to whoever may read every course: reports quote what was imported. */
export const can = definePolicy('import', (viewer, verb: 'run' | 'read', job: ImportFacts) => {
  if (!permits(viewer, 'import.run')) return false;
  if (verb === 'run') return permits(viewer, 'course.write', job);
  return job.started || permits(viewer, 'course.read', job);
});
