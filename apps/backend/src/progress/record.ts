import { type Enrolment, evaluateEnrolment } from '../courses/standing.ts';
import { activitiesOf, type Version } from '../courses/version.ts';
import { newCode } from '../credentials/code.ts';
import type { Db } from '../database/db.ts';
import type { Evaluation } from './completion.ts';

/** What the completion engine found after something was done. */
export interface Recorded {
  evaluation: Evaluation;
  courseCompleted: boolean;
  credentialCode: string | null;
}

/**
 * Evaluates an enrolment as it is stored now and writes what follows: completed activities, the share done,
 * the course's completion and its certificate. Call it after the write that may complete something has been
 * committed: of two last activities completed at the same moment, whichever evaluates last sees both.
 * Repeating it changes nothing, and a certificate is issued once for an enrolment.
 */
export async function recordCompletion(db: Db, version: Version, enrolmentId: string): Promise<Recorded> {
  const { progress } = await db.one<{ progress: Enrolment['progress'] }>(READ_PROGRESS, [enrolmentId]);
  const evaluation = evaluateEnrolment(version, progress, new Date());
  const completed = activitiesOf(version)
    .filter(({ lineage }) => evaluation.activities.get(lineage)?.completed)
    .map(({ id }) => id);
  const { course } = evaluation;
  const row = await db.one<{ state: string; code: string | null }>(RECORD, [
    enrolmentId,
    completed,
    course.percent,
    course.completed,
    newCode(),
  ]);
  return { evaluation, courseCompleted: row.state === 'completed', credentialCode: row.code };
}

const READ_PROGRESS = `
SELECT coalesce(json_object_agg(p.activity_id, json_build_object(
  'state', p.state, 'marked', p.marked_done, 'position', p.position, 'attempts', p.attempts,
  'granted', p.granted_attempts, 'best', p.best_percent, 'passed', p.passed)), '{}') AS progress
FROM progress p WHERE p.enrolment_id = $1`;

const RECORD = `
WITH done AS (
  UPDATE progress p SET state = 'completed', completed_at = now(), updated_at = now()
  WHERE p.enrolment_id = $1 AND p.activity_id = ANY ($2::uuid[]) AND p.state <> 'completed'
), enrolment AS (
  UPDATE enrolments e SET
    percent = greatest(e.percent, $3::int),
    state = CASE WHEN $4::boolean AND e.state = 'active' THEN 'completed' ELSE e.state END,
    completed_at = CASE WHEN $4::boolean THEN coalesce(e.completed_at, now()) ELSE e.completed_at END,
    updated_at = now()
  WHERE e.id = $1
  RETURNING e.id, e.user_id, e.course_version_id, e.state, e.completed_at
), issued AS (
  INSERT INTO credentials (enrolment_id, code, holder_name, course_title, duration_minutes, issued_at)
  SELECT e.id, $5, u.name, v.title, v.duration_minutes, e.completed_at
  FROM enrolment e
  JOIN users u ON u.id = e.user_id
  JOIN course_versions v ON v.id = e.course_version_id
  WHERE e.state = 'completed'
  ON CONFLICT (tenant_id, enrolment_id) DO NOTHING
  RETURNING code
)
SELECT e.state::text, coalesce(
  (SELECT code FROM issued),
  (SELECT k.code FROM credentials k WHERE k.enrolment_id = e.id AND k.revoked_at IS NULL)
) AS code
FROM enrolment e`;
