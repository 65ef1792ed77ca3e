import type { Locale, ResponseOf } from '@preau/contract';
import type { saveProgress as operation } from '@preau/contract/tenant/learning';
import { findPlace, type Place } from '../courses/place.ts';
import { activitiesOf } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { can } from '../policies/progress.ts';
import type { User } from '../policies/viewer.ts';
import { MAX_ROUNDS, record } from './record.ts';

interface Step {
  position?: number | undefined;
  seconds: number;
  completed: boolean;
}
type Result = ResponseOf<typeof operation>;

/** An author's preview: nothing is recorded. */
const PREVIEWED: Result = {
  state: 'started',
  percent: 0,
  courseCompleted: false,
  credentialCode: null,
  unlocked: [],
};

/**
 * Keeps where a learner is in an activity. Calls may come twice, out of order or at once: the position only
 * grows, and what is done stays done. While reading it is one statement; what is said to be done takes two.
 */
export async function saveProgress(
  db: Db,
  user: User,
  activityId: string,
  { position = 0, seconds, completed }: Step,
  locale: Locale,
): Promise<Result> {
  const touch = async (): Promise<Omit<Result, 'unlocked'> | undefined> => {
    const row = await db.maybe<Omit<Result, 'unlocked'> & { userId: string }>(TOUCH, [
      user.id,
      activityId,
      position,
      seconds,
    ]);
    if (!row) return undefined;
    const { userId, ...result } = row;
    if (!can(user, 'save', { userId })) refuse('not-found');
    return result;
  };
  if (!completed) {
    const known = await touch();
    if (known) return { ...known, unlocked: [] };
  }
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const place = await findPlace(db, user, activityId, locale);
    if (!place.learner) return PREVIEWED;
    const { enrolment } = place.learner;
    if (!completed) {
      await db.query(OPEN, [enrolment.id, activityId, position, seconds]);
      return presentOpened(place.learner);
    }
    if (enrolment.progress[activityId]?.state === 'completed') {
      const known = await touch();
      if (known) return { ...known, unlocked: [] };
    }
    const recorded = await record(db, place.version, enrolment, { activityId, position, seconds });
    if (recorded) return presentDone(place, place.learner, recorded);
  }
  return refuse('conflict');
}

type Learner = NonNullable<Place['learner']>;

function presentOpened({ enrolment, evaluation }: Learner): Result {
  return {
    state: 'started',
    percent: evaluation.course.percent,
    courseCompleted: enrolment.state === 'completed',
    credentialCode: enrolment.code,
    unlocked: [],
  };
}

function presentDone(
  { version, activity }: Place,
  { evaluation: before }: Learner,
  { evaluation, courseCompleted, credentialCode }: NonNullable<Awaited<ReturnType<typeof record>>>,
): Result {
  const opened = ({ lineage }: { lineage: string }) =>
    evaluation.activities.get(lineage)?.available && !before.activities.get(lineage)?.available;
  return {
    state: evaluation.activities.get(activity.lineage)?.completed ? 'completed' : 'started',
    percent: evaluation.course.percent,
    courseCompleted,
    credentialCode,
    unlocked: activitiesOf(version)
      .filter(opened)
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
  RETURNING p.state, e.id, e.user_id, e.state AS enrolment_state, e.percent
)
SELECT t.user_id AS "userId", t.state::text, t.percent::int, t.enrolment_state = 'completed' AS "courseCompleted",
  (SELECT k.code FROM credentials k WHERE k.enrolment_id = t.id AND k.revoked_at IS NULL) AS "credentialCode"
FROM touched t`;

/** Two first openings at once make one row. */
const OPEN = `
INSERT INTO progress (enrolment_id, activity_id, position, time_spent_seconds, first_seen_at, last_seen_at)
VALUES ($1, $2, $3::float8::numeric, $4::int, now(), now())
ON CONFLICT (tenant_id, enrolment_id, activity_id) DO UPDATE SET
  position = greatest(progress.position, excluded.position),
  time_spent_seconds = progress.time_spent_seconds + excluded.time_spent_seconds,
  last_seen_at = now(), updated_at = now()`;
