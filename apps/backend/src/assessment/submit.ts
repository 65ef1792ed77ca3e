import type { Locale } from '@preau/contract';
import type { Answer, Attempt } from '@preau/contract/tenant/assessment';
import { record } from '../audit/record.ts';
import { loadVersion } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { type AttemptFacts, can } from '../policies/attempt.ts';
import { can as canQuestion } from '../policies/question.ts';
import type { User } from '../policies/viewer.ts';
import { recordFacts } from '../progress/record.ts';
import { type AttemptRow, gradeAttempt, presentAttempt, readAttempt } from './attempt.ts';
import { fits } from './present.ts';
import { loadQuestions } from './questions.ts';

/** Hands in and grades. Repeating it answers the same result; the first one counts. */
export async function submitAttempt(
  db: Db,
  user: User,
  attemptId: string,
  answers: Record<string, Answer>,
  locale: Locale,
): Promise<Attempt> {
  const row = found(await readAttempt(db, attemptId));
  if (!can(user, 'submit', factsOf(user, row)) || row.suspended) refuse('not-found');
  if (row.state === 'open') await handIn(db, row, answers);
  else await settle(db, row);
  const after = found(await readAttempt(db, attemptId));
  return presentAttempt(db, after, locale, { open: tellsAll(user, after) });
}

const factsOf = (user: User, { userId, trainers }: AttemptRow): AttemptFacts => ({
  userId,
  own: trainers.includes(user.id),
});

/** Whether the viewer sees more than the review policy shows a learner: never of what counts for themselves. */
function tellsAll(user: User, row: AttemptRow): boolean {
  const counts = row.enrolmentId !== null && row.userId === user.id;
  return !counts && canQuestion(user, 'read-answers', factsOf(user, row));
}

/** One’s own attempt, or for authors anybody’s. One whose time ran out is handed in as it is. */
export async function showAttempt(db: Db, user: User, attemptId: string, locale: Locale): Promise<Attempt> {
  let row = found(await readAttempt(db, attemptId));
  if (!can(user, 'read', factsOf(user, row))) refuse('not-found');
  if (row.state === 'open' && row.late) {
    await handIn(db, row, {});
    row = found(await readAttempt(db, attemptId));
  }
  return presentAttempt(db, row, locale, { open: tellsAll(user, row) });
}

/**
 * Closes an open attempt and grades it, exactly once: the row is locked first, so a second submission waits
 * and then finds it closed. Then the completion engine records what this completes.
 */
export async function handIn(
  db: Db,
  { id, late, activityId, frozen }: AttemptRow,
  answers: Record<string, Answer>,
): Promise<void> {
  const questions = await loadQuestions(db, activityId, frozen);
  const closed = await db.transaction(async (tx) => {
    const open = await tx.maybe(LOCK, [id]);
    if (!open) return null;
    const given = Object.entries(answers).filter(([questionId, answer]) => {
      const question = questions.get(questionId);
      return !late && question && fits(question, answer);
    });
    if (given.length > 0) {
      const ids = given.map(([questionId]) => questionId);
      await tx.query(SAVE_ALL, [id, ids, given.map(([, answer]) => JSON.stringify(answer))]);
    }
    const row = found(await readAttempt(tx, id));
    const { grades, total } = gradeAttempt(row, questions);
    await tx.query(CLOSE, [
      id,
      total.score,
      total.maxScore,
      total.passed,
      total.percent,
      grades.map((one) => one.id),
      grades.map((one) => one.score),
      grades.map((one) => one.correct),
    ]);
    await record(tx, {
      action: 'attempt.submitted',
      target: activityId,
      details: { attemptId: id, userId: row.userId, percent: total.percent, passed: total.passed },
    });
    return row;
  });
  if (closed) await settle(db, closed);
}

/** Records what a closed attempt completes; repeated at every submission, so a crash in between heals. */
async function settle(db: Db, { enrolmentId, versionId }: AttemptRow): Promise<void> {
  if (enrolmentId === null) return;
  const version = found(await loadVersion(db, versionId));
  await recordFacts(db, version, enrolmentId);
}

const LOCK = `SELECT 1 AS open FROM attempts t WHERE t.id = $1 AND t.state = 'open' FOR UPDATE`;

const SAVE_ALL = `
INSERT INTO responses (attempt_id, question_id, response, answered_at)
SELECT $1, given.question_id, given.response::jsonb, now()
FROM unnest($2::uuid[], $3::text[]) AS given (question_id, response)
ON CONFLICT (tenant_id, attempt_id, question_id) DO UPDATE SET
  response = excluded.response, answered_at = now(), updated_at = now()`;

const CLOSE = `
WITH closed AS (
  UPDATE attempts t SET state = 'submitted', submitted_at = now(), graded_at = now(), updated_at = now(),
    score = $2::float8::numeric, max_score = $3::float8::numeric, passed = $4::boolean
  WHERE t.id = $1 RETURNING t.enrolment_id, t.activity_id
), graded AS (
  UPDATE responses r SET score = g.score::numeric, correct = g.correct, updated_at = now()
  FROM unnest($6::uuid[], $7::float8[], $8::boolean[]) AS g (question_id, score, correct)
  WHERE r.attempt_id = $1 AND r.question_id = g.question_id
)
INSERT INTO progress (enrolment_id, activity_id, first_seen_at, last_seen_at, attempts, best_percent, passed)
SELECT c.enrolment_id, c.activity_id, now(), now(), 1, $5::float8::numeric, $4::boolean
FROM closed c WHERE c.enrolment_id IS NOT NULL
ON CONFLICT (tenant_id, enrolment_id, activity_id) DO UPDATE SET
  attempts = progress.attempts + 1,
  best_percent = greatest(progress.best_percent, excluded.best_percent),
  passed = progress.passed OR excluded.passed,
  last_seen_at = now(), updated_at = now()`;
