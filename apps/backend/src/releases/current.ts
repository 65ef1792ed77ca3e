/** SQL: the name of the release that new platforms start with; null before anything was published. */
export const CURRENT_RELEASE = `(SELECT c.name FROM releases c WHERE c.stable_at IS NOT NULL AND c.yanked_at IS NULL
  ORDER BY c.stable_at DESC LIMIT 1)`;

/** SQL over `i` (instances) and the id of a release: it failed there before, and nobody has cleared that. */
export const failedBefore = (releaseId: string) => `EXISTS (
  SELECT 1 FROM rollout_instances f JOIN rollouts fr ON fr.id = f.rollout_id
  WHERE f.instance_id = i.id AND fr.release_id = ${releaseId} AND f.standing = 'rolled-back' AND f.cleared_at IS NULL)`;

/** SQL over `i` (instances): an operation is open, which keeps the release that it began with. */
export const BUSY = `EXISTS (SELECT 1 FROM operations b WHERE b.instance_id = i.id AND b.state IN ('pending', 'running'))`;
