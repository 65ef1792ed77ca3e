import type { Locale, ResponseOf } from '@preau/contract';
import type { saveProgress as operation } from '@preau/contract/tenant/learning';
import { findPlace } from '../courses/place.ts';
import { activitiesOf } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import type { User } from '../policies/viewer.ts';
import { recordCompletion } from './record.ts';

interface Step {
  position?: number | undefined;
  seconds: number;
  completed: boolean;
}
type Result = ResponseOf<typeof operation>;

/**
 * Keeps where a learner is in an activity. Calls may come twice or out of order: the position only grows,
 * and what is done stays done. While reading, it is one statement; the completion engine is asked only when
 * an activity is opened for the first time or said to be done.
 */
export async function saveProgress(
  db: Db,
  user: User,
  activityId: string,
  step: Step,
  locale: Locale,
): Promise<Result> {
  const position = step.position ?? 0;
  if (!step.completed) {
    const known = await db.maybe<Omit<Result, 'unlocked'>>(TOUCH, [
      user.id,
      activityId,
      position,
      step.seconds,
    ]);
    if (known) return { ...known, unlocked: [] };
  }
  const { version, activity, learner } = await findPlace(db, user, activityId, locale);
  if (!learner) {
    // An author's preview: nothing is recorded.
    return { state: 'started', percent: 0, courseCompleted: false, credentialCode: null, unlocked: [] };
  }
  const { enrolment, evaluation: before } = learner;
  await db.query(SAVE, [enrolment.id, activityId, position, step.seconds, step.completed]);
  if (!step.completed) {
    return {
      state: 'started',
      percent: before.course.percent,
      courseCompleted: enrolment.state === 'completed',
      credentialCode: enrolment.code,
      unlocked: [],
    };
  }
  const { evaluation, courseCompleted, credentialCode } = await recordCompletion(db, version, enrolment.id);
  return {
    state: evaluation.activities.get(activity.lineage)?.completed ? 'completed' : 'started',
    percent: evaluation.course.percent,
    courseCompleted,
    credentialCode,
    unlocked: activitiesOf(version)
      .filter(
        ({ lineage }) =>
          evaluation.activities.get(lineage)?.available && !before.activities.get(lineage)?.available,
      )
      .map(({ id }) => id),
  };
}

/** An activity that was opened before: opened means that it was available, and that cannot be undone. */
const TOUCH = `
WITH touched AS (
  UPDATE progress p SET
    position = greatest(p.position, $3::float8::numeric),
    time_spent_seconds = p.time_spent_seconds + $4::int,
    last_seen_at = now(), updated_at = now()
  FROM enrolments e
  WHERE e.user_id = $1 AND e.id = p.enrolment_id AND p.activity_id = $2
    AND e.state <> 'suspended' AND (e.state = 'completed' OR e.access_until IS NULL OR e.access_until >= now())
  RETURNING p.state, e.id, e.state AS enrolment_state, e.percent
)
SELECT t.state::text, t.percent::int, t.enrolment_state = 'completed' AS "courseCompleted",
  (SELECT k.code FROM credentials k WHERE k.enrolment_id = t.id AND k.revoked_at IS NULL) AS "credentialCode"
FROM touched t`;

const SAVE = `
INSERT INTO progress (enrolment_id, activity_id, marked_done, position, time_spent_seconds,
  first_seen_at, last_seen_at)
SELECT e.id, $2, $5, $3::float8::numeric, $4::int, now(), now()
FROM enrolments e WHERE e.id = $1
ON CONFLICT (tenant_id, enrolment_id, activity_id) DO UPDATE SET
  marked_done = progress.marked_done OR excluded.marked_done,
  position = greatest(progress.position, excluded.position),
  time_spent_seconds = progress.time_spent_seconds + excluded.time_spent_seconds,
  last_seen_at = now(), updated_at = now()`;
