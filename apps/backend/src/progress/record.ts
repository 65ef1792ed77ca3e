import { record as writeDown } from '../audit/record.ts';
import {
  type Enrolment,
  evaluateEnrolment,
  PROGRESS,
  readProgress,
  type StoredProgress,
} from '../courses/standing.ts';
import { activitiesOf, type Version } from '../courses/version.ts';
import { newCode } from '../credentials/code.ts';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import type { Evaluation } from './completion.ts';

/** What the completion engine found after something was done. */
export interface Recorded {
  evaluation: Evaluation;
  courseCompleted: boolean;
  credentialCode: string | null;
}

/** An activity that the learner says is done, with how they got there. */
export interface Mark {
  activityId: string;
  position: number;
  seconds: number;
}

/** How often a write is tried again because the same learner's other request came first. */
export const MAX_ROUNDS = 8;

type Known = Pick<Enrolment, 'id' | 'revision' | 'progress'>;
interface KnownRow extends Omit<Known, 'progress'>, Record<string, unknown> {
  progress: StoredProgress | null;
}

/**
 * Writes one mark and everything that follows from it – completed activities, the share done, the course's
 * completion, its certificate – in one statement.
 *
 * The enrolment's row is compared and swapped: where another request of the learner has written since
 * `enrolment` was read, nothing is written and the answer is null; the caller reads again and repeats. So of
 * two last activities completed at the same moment the later sees both, and a certificate is issued once.
 */
export async function record(
  db: Db,
  version: Version,
  enrolment: Known,
  mark: Mark | null,
): Promise<Recorded | null> {
  const evaluation = evaluateEnrolment(version, withMark(enrolment.progress, mark), new Date());
  const completed = activitiesOf(version)
    .filter(({ lineage }) => evaluation.activities.get(lineage)?.completed)
    .map(({ id }) => id);
  const write = (to: Db) =>
    to.maybe<{ state: string; issued: boolean; code: string | null; userId: string }>(RECORD, [
      enrolment.id,
      enrolment.revision,
      completed,
      evaluation.course.percent,
      evaluation.course.completed,
      newCode(),
      mark?.activityId ?? null,
      mark?.position ?? 0,
      mark?.seconds ?? 0,
    ]);
  // Only what may issue a certificate needs more than its one statement.
  const row = !evaluation.course.completed
    ? await write(db)
    : await db.transaction(async (tx) => {
        const written = await write(tx);
        if (written?.issued) {
          const details = { enrolmentId: enrolment.id };
          await writeDown(tx, { action: 'certificate.issued', target: written.userId, details });
        }
        return written;
      });
  return row ? { evaluation, courseCompleted: row.state === 'completed', credentialCode: row.code } : null;
}

/**
 * Records what follows from facts that have been committed elsewhere, such as a graded attempt. Repeating it
 * changes nothing, so it also heals what a crash left half done.
 */
export async function recordFacts(db: Db, version: Version, enrolmentId: string): Promise<Recorded> {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { id, revision, progress } = await db.one<KnownRow>(READ, [enrolmentId]);
    const known = { id, revision, progress: readProgress(progress) };
    const recorded = await record(db, version, known, null);
    if (recorded) return recorded;
  }
  return refuse('conflict');
}

function withMark(progress: Enrolment['progress'], mark: Mark | null): Enrolment['progress'] {
  if (!mark) return progress;
  const before = progress[mark.activityId];
  const fresh = {
    state: 'started',
    position: 0,
    attempts: 0,
    granted: 0,
    best: null,
    passed: false,
  } as const;
  return { ...progress, [mark.activityId]: { ...fresh, ...before, marked: true } };
}

const READ = `
SELECT e.id, e.xmin::text AS revision, ${PROGRESS} AS progress FROM enrolments e WHERE e.id = $1`;

const RECORD = `
WITH enrolment AS (
  UPDATE enrolments e SET
    percent = greatest(e.percent, $4::int),
    state = CASE WHEN $5::boolean AND e.state = 'active' THEN 'completed' ELSE e.state END,
    completed_at = CASE WHEN $5::boolean AND e.state = 'active' THEN coalesce(e.completed_at, now()) ELSE e.completed_at END,
    updated_at = now()
  WHERE e.id = $1 AND e.xmin::text = $2
  RETURNING e.id, e.user_id, e.course_version_id, e.state, e.completed_at
), own AS (
  INSERT INTO progress (enrolment_id, activity_id, marked_done, position, time_spent_seconds, state, completed_at,
    first_seen_at, last_seen_at)
  SELECT e.id, $7::uuid, true, $8::float8::numeric, $9::int,
    CASE WHEN $7::uuid = ANY ($3::uuid[]) THEN 'completed' ELSE 'started' END::enum_progress_state,
    CASE WHEN $7::uuid = ANY ($3::uuid[]) THEN now() END, now(), now()
  FROM enrolment e WHERE $7::uuid IS NOT NULL
  ON CONFLICT (tenant_id, enrolment_id, activity_id) DO UPDATE SET
    marked_done = true,
    position = greatest(progress.position, excluded.position),
    time_spent_seconds = progress.time_spent_seconds + excluded.time_spent_seconds,
    state = CASE WHEN excluded.completed_at IS NULL THEN progress.state ELSE excluded.state END,
    completed_at = coalesce(progress.completed_at, excluded.completed_at),
    last_seen_at = now(), updated_at = now()
), others AS (
  UPDATE progress p SET state = 'completed', completed_at = now(), updated_at = now()
  FROM enrolment e
  WHERE p.enrolment_id = e.id AND p.activity_id = ANY ($3::uuid[]) AND p.state <> 'completed'
    AND p.activity_id IS DISTINCT FROM $7::uuid
), issued AS (
  INSERT INTO credentials (enrolment_id, code, holder_name, course_title, duration_minutes, issued_at)
  SELECT e.id, $6, u.name, v.title, v.duration_minutes, e.completed_at
  FROM enrolment e
  JOIN users u ON u.id = e.user_id
  JOIN course_versions v ON v.id = e.course_version_id
  WHERE e.state = 'completed'
  ON CONFLICT (tenant_id, enrolment_id) DO NOTHING
  RETURNING code
)
SELECT e.state::text, EXISTS (SELECT 1 FROM issued) AS issued, coalesce(
  (SELECT code FROM issued),
  (SELECT k.code FROM credentials k WHERE k.enrolment_id = e.id AND k.revoked_at IS NULL)
) AS code, e.user_id AS "userId"
FROM enrolment e`;
