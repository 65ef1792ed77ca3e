import { randomInt } from 'node:crypto';
import type { Locale } from '@preau/contract';
import type { Attempt } from '@preau/contract/tenant/assessment';
import { findPlace } from '../courses/place.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { can } from '../policies/question.ts';
import type { User } from '../policies/viewer.ts';
import { presentAttempt, readAttempt } from './attempt.ts';
import { loadQuestions } from './questions.ts';
import { MAX_SEED, shuffle } from './shuffle.ts';
import { handIn } from './submit.ts';

/** Starts an attempt, or answers the one that is open. Two clicks at once start one. */
export async function startAttempt(db: Db, user: User, activityId: string, locale: Locale): Promise<Attempt> {
  const { version, activity, learner, own } = await findPlace(db, user, activityId, locale);
  const { quiz } = activity;
  if (!quiz) refuse('not-found');
  if (!learner && !can(user, 'try', { own })) refuse('forbidden');
  const enrolmentId = learner?.enrolment.id ?? null;

  const open = await db.maybe<{ id: string }>(FIND_OPEN, [user.id, activityId, enrolmentId]);
  if (open) {
    const row = found(await readAttempt(db, open.id));
    if (!row.late) return presentAttempt(db, row, locale, { open: !learner });
    await handIn(db, row, {});
  }

  const count = learner
    ? await db.maybe<{ used: number; granted: number }>(COUNT, [enrolmentId, activityId])
    : undefined;
  if (learner && quiz.attempts !== null && (count?.used ?? 0) >= quiz.attempts + (count?.granted ?? 0)) {
    refuse('attempts-exhausted');
  }
  const seed = randomInt(MAX_SEED);
  const ids = [...(await loadQuestions(db, activityId, version.state === 'published')).keys()];
  const order = quiz.shuffleQuestions ? shuffle(ids, seed) : ids;
  await db.query(START, [
    user.id,
    enrolmentId,
    activityId,
    seed,
    JSON.stringify(order),
    quiz.timeLimitMinutes,
  ]);
  // Read back whatever is open now: of two that started at the same moment one won.
  const started = await db.one<{ id: string }>(FIND_OPEN, [user.id, activityId, enrolmentId]);
  return presentAttempt(db, found(await readAttempt(db, started.id)), locale, { open: !learner });
}

const FIND_OPEN = `
SELECT t.id FROM attempts t
WHERE t.user_id = $1 AND t.activity_id = $2 AND t.enrolment_id IS NOT DISTINCT FROM $3::uuid AND t.state = 'open'
ORDER BY t.number, t.id LIMIT 1`;

const COUNT = `
SELECT p.attempts::int AS used, p.granted_attempts::int AS granted
FROM progress p WHERE p.enrolment_id = $1 AND p.activity_id = $2`;

/** The number is the one after those handed in, so the unique key lets one open attempt exist. */
const START = `
WITH numbered AS (
  SELECT (count(*) + 1)::int AS number FROM attempts t
  WHERE t.user_id = $1 AND t.activity_id = $3 AND t.enrolment_id IS NOT DISTINCT FROM $2::uuid AND t.state = 'submitted'
), seen AS (
  INSERT INTO progress (enrolment_id, activity_id, first_seen_at, last_seen_at)
  SELECT $2::uuid, $3::uuid, now(), now() WHERE $2::uuid IS NOT NULL
  ON CONFLICT (tenant_id, enrolment_id, activity_id) DO UPDATE SET last_seen_at = now(), updated_at = now()
)
INSERT INTO attempts (user_id, enrolment_id, activity_id, number, seed, snapshot, started_at, deadline)
SELECT $1, $2::uuid, $3, n.number, $4::bigint, $5::jsonb, now(), now() + make_interval(mins => $6::int)
FROM numbered n
ON CONFLICT (tenant_id, enrolment_id, activity_id, number) DO NOTHING`;
