import type { Answer } from '@preau/contract/tenant/assessment';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { can } from '../policies/attempt.ts';
import type { User } from '../policies/viewer.ts';
import { GRACE_SECONDS } from './attempt.ts';

/**
 * Keeps one answer: one statement. It holds a share lock on the attempt, so that handing in waits for answers
 * that are on their way and no answer slips in afterwards. Somebody else's attempt does not exist.
 */
export async function saveAnswer(
  db: Db,
  user: User,
  attemptId: string,
  questionId: string,
  answer: Answer,
): Promise<undefined> {
  const row = await db.maybe<{ userId: string; own: boolean; open: boolean; fits: boolean }>(SAVE, [
    attemptId,
    user.id,
    questionId,
    JSON.stringify(answer),
    answer.kind,
  ]);
  if (!row || !can(user, 'answer', row)) refuse('not-found');
  if (!row.open) refuse('attempt-closed');
  if (!row.fits) refuse('invalid-request', {}, [{ path: 'answer.kind', message: answer.kind }]);
  return undefined;
}

// The enrolment by a subquery of one value: PostgreSQL turns an EXISTS behind an OR into a table of all of them.
const SAVE = `
WITH target AS (
  SELECT t.id, t.user_id,
    t.state = 'open' AND (t.deadline IS NULL OR now() <= t.deadline + make_interval(secs => ${GRACE_SECONDS})) AS open,
    $5 = CASE q.type::text WHEN 'single' THEN 'options' WHEN 'multiple' THEN 'options'
      WHEN 'trueFalse' THEN 'boolean' ELSE 'text' END AS fits
  FROM attempts t JOIN questions q ON q.activity_id = t.activity_id AND q.id = $3
  WHERE t.id = $1 AND t.user_id = $2 AND (t.enrolment_id IS NULL
    OR (SELECT e.state FROM enrolments e WHERE e.id = t.enrolment_id) <> 'suspended')
  FOR SHARE OF t
), saved AS (
  INSERT INTO responses (attempt_id, question_id, response, answered_at)
  SELECT target.id, $3, $4::jsonb, now() FROM target WHERE open AND fits
  ON CONFLICT (tenant_id, attempt_id, question_id) DO UPDATE SET
    response = excluded.response, answered_at = now(), updated_at = now()
)
SELECT user_id AS "userId", false AS own, open, fits FROM target`;
