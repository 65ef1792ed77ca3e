import type { Locale, ResponseOf } from '@preau/contract';
import type { saveProgress as operation } from '@preau/contract/tenant/learning';
import { findPlace, type Place } from '../courses/place.ts';
import { activitiesOf } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { GroupCommit } from '../database/groupCommit.ts';
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
 * grows, and what is done stays done. While reading it is one statement, in a completed course a second one reads the
 * certificate; what is said to be done takes two.
 */
export async function saveProgress(
  db: Db,
  user: User,
  activityId: string,
  { position = 0, seconds, completed }: Step,
  locale: Locale,
): Promise<Result> {
  const touch = async (): Promise<Omit<Result, 'unlocked'> | undefined> => {
    const row = await touches.write(db, { userId: user.id, activityId, position, seconds });
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

interface Touch {
  userId: string;
  activityId: string;
  position: number;
  seconds: number;
}
type Touched = Omit<Result, 'unlocked'> & { userId: string };

const touches = new GroupCommit<Touch, Touched | undefined>(async (db, given) => {
  const [alone, ...others] = given;
  if (alone && others.length === 0) {
    const { userId, activityId, position, seconds } = alone;
    const touched = await db.maybe<Touched>(TOUCH_ONE, [userId, activityId, position, seconds]);
    if (!touched?.courseCompleted) return [touched];
    const held = await db.maybe<{ code: string }>(CODE, [userId, activityId]);
    return [{ ...touched, credentialCode: held?.code ?? null }];
  }
  const rows = await db.query<Touched & { place: number }>(TOUCH, [
    given.map(({ userId }) => userId),
    given.map(({ activityId }) => activityId),
    given.map(({ position }) => position),
    given.map(({ seconds }) => seconds),
  ]);
  const found = new Map(rows.map(({ place, ...row }) => [place, row]));
  return given.map((_, at) => found.get(at + 1));
});

/** As `TOUCH`, for whoever comes alone: most calls do, and gathering them costs a third more. */
const TOUCH_ONE = `
UPDATE progress p SET
  position = greatest(p.position, $3::float8::numeric),
  time_spent_seconds = p.time_spent_seconds + $4::int,
  last_seen_at = now(), updated_at = now()
FROM enrolments e
WHERE e.user_id = $1 AND p.enrolment_id = e.id AND p.activity_id = $2
  AND e.state <> 'suspended' AND (e.state = 'completed' OR e.access_until IS NULL OR e.access_until >= now())
RETURNING e.user_id AS "userId", p.state::text, e.percent::int, e.state = 'completed' AS "courseCompleted",
  NULL AS "credentialCode"`;

/** The certificate that came of a course: only who has completed one has it, so nobody else's write waits for it. */
const CODE = `
SELECT k.code FROM credentials k JOIN enrolments e ON e.id = k.enrolment_id
JOIN activities a ON a.version_id = e.course_version_id
WHERE e.user_id = $1 AND a.id = $2 AND e.state = 'completed' AND k.revoked_at IS NULL ORDER BY e.cycle DESC LIMIT 1`;

/**
 * Activities that were opened before: opened means that it was available, and that cannot be undone. Of one learner's
 * several calls about one activity the furthest position counts, and all the seconds. The enrolments are found first:
 * the other way round, everybody's progress in the activity would be read.
 */
const TOUCH = `
WITH given AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::float8[], $4::int[]) WITH ORDINALITY
    AS g (user_id, activity_id, position, seconds, place)
), sums AS (
  SELECT user_id, activity_id, max(position) AS position, sum(seconds)::int AS seconds
  FROM given GROUP BY user_id, activity_id
), mine AS MATERIALIZED (
  SELECT s.*, e.id, e.state, e.percent FROM sums s JOIN enrolments e ON e.user_id = s.user_id
  WHERE e.state <> 'suspended' AND (e.state = 'completed' OR e.access_until IS NULL OR e.access_until >= now())
), touched AS (
  UPDATE progress p SET
    position = greatest(p.position, m.position::numeric),
    time_spent_seconds = p.time_spent_seconds + m.seconds,
    last_seen_at = now(), updated_at = now()
  FROM mine m
  WHERE p.enrolment_id = m.id AND p.activity_id = m.activity_id
  RETURNING p.state, m.activity_id, m.id, m.user_id, m.state AS enrolment_state, m.percent
)
SELECT DISTINCT ON (g.place) g.place::int, t.user_id AS "userId", t.state::text, t.percent::int,
  t.enrolment_state = 'completed' AS "courseCompleted",
  (SELECT k.code FROM credentials k WHERE k.enrolment_id = t.id AND k.revoked_at IS NULL) AS "credentialCode"
FROM given g JOIN touched t ON t.user_id = g.user_id AND t.activity_id = g.activity_id`;

/** Two first openings at once make one row. */
const OPEN = `
INSERT INTO progress (enrolment_id, activity_id, position, time_spent_seconds, first_seen_at, last_seen_at)
VALUES ($1, $2, $3::float8::numeric, $4::int, now(), now())
ON CONFLICT (tenant_id, enrolment_id, activity_id) DO UPDATE SET
  position = greatest(progress.position, excluded.position),
  time_spent_seconds = progress.time_spent_seconds + excluded.time_spent_seconds,
  last_seen_at = now(), updated_at = now()`;
