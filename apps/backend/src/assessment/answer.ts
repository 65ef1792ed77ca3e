import type { Answer } from '@preau/contract/tenant/assessment';
import type { Db } from '../database/db.ts';
import { GroupCommit } from '../database/groupCommit.ts';
import { refuse } from '../http/problem.ts';
import { can } from '../policies/attempt.ts';
import type { User } from '../policies/viewer.ts';
import { GRACE_SECONDS } from './attempt.ts';

interface Given {
  attemptId: string;
  userId: string;
  questionId: string;
  answer: Answer;
}

/** What an answer met. */
interface Target {
  userId: string;
  own: boolean;
  open: boolean;
  fits: boolean;
}

/**
 * Keeps one answer, with those of others that arrive at the same time: one statement. It holds a share lock on each
 * attempt, so that handing in waits for answers that are on their way and no answer slips in afterwards. Somebody
 * else's attempt does not exist.
 */
export async function saveAnswer(
  db: Db,
  user: User,
  attemptId: string,
  questionId: string,
  answer: Answer,
): Promise<undefined> {
  const row = await answers.write(db, { attemptId, userId: user.id, questionId, answer });
  if (!row || !can(user, 'answer', row)) refuse('not-found');
  if (!row.open) refuse('attempt-closed');
  if (!row.fits) refuse('invalid-request', {}, [{ path: 'answer.kind', message: answer.kind }]);
  return undefined;
}

const answers = new GroupCommit<Given, Target | undefined>(async (db, given) => {
  const [alone, ...others] = given;
  if (alone && others.length === 0) {
    const { attemptId, userId, questionId, answer } = alone;
    const text = JSON.stringify(answer);
    const saved = await db.maybe(SAVE_ONE, [attemptId, userId, questionId, text, answer.kind]);
    if (saved) return [{ userId, own: false, open: true, fits: true }];
  }
  const rows = await db.query<Target & { place: number }>(SAVE, [
    given.map(({ attemptId }) => attemptId),
    given.map(({ userId }) => userId),
    given.map(({ questionId }) => questionId),
    given.map(({ answer }) => JSON.stringify(answer)),
    given.map(({ answer }) => answer.kind),
  ]);
  const targets = new Map(rows.map((row) => [row.place, row]));
  return given.map((_, at) => targets.get(at + 1));
});

/** SQL: whether attempt `t` still takes answers, and a kind of answer fits question `q`. */
const OPEN = `t.state = 'open' AND (t.deadline IS NULL OR now() <= t.deadline + make_interval(secs => ${GRACE_SECONDS}))`;
const fits = (
  kind: string,
) => `${kind} = CASE q.type::text WHEN 'single' THEN 'options' WHEN 'multiple' THEN 'options'
      WHEN 'trueFalse' THEN 'boolean' ELSE 'text' END`;
// By a subquery of one value: PostgreSQL turns an EXISTS behind an OR into a table of all enrolments.
const NOT_SUSPENDED = `(t.enrolment_id IS NULL
    OR (SELECT e.state FROM enrolments e WHERE e.id = t.enrolment_id) <> 'suspended')`;
const KEEP = `ON CONFLICT (tenant_id, attempt_id, question_id) DO UPDATE SET
    response = excluded.response, answered_at = now(), updated_at = now()`;

/** As `SAVE`, for an answer that comes alone, as most do, and is taken: what it did not take is asked of `SAVE`. */
const SAVE_ONE = `
INSERT INTO responses (attempt_id, question_id, response, answered_at)
SELECT t.id, q.id, $4::jsonb, now()
FROM attempts t JOIN questions q ON q.activity_id = t.activity_id
WHERE t.id = $1 AND t.user_id = $2 AND q.id = $3 AND ${OPEN} AND ${fits('$5::text')} AND ${NOT_SUSPENDED}
FOR SHARE OF t
${KEEP}
RETURNING true AS saved`;

// Of several answers to one question the last that fits is kept. Rows in one order: two groups never wait for each other.
const SAVE = `
WITH given AS (
  SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[]) WITH ORDINALITY
    AS g (attempt_id, user_id, question_id, response, kind, place)
), target AS (
  SELECT g.place::int, g.attempt_id, g.question_id, g.response, t.user_id, ${OPEN} AS open, ${fits('g.kind')} AS fits
  FROM given g
  JOIN attempts t ON t.id = g.attempt_id AND t.user_id = g.user_id
  JOIN questions q ON q.activity_id = t.activity_id AND q.id = g.question_id
  WHERE ${NOT_SUSPENDED}
  ORDER BY t.id
  FOR SHARE OF t
), saved AS (
  INSERT INTO responses (attempt_id, question_id, response, answered_at)
  SELECT DISTINCT ON (attempt_id, question_id) attempt_id, question_id, response::jsonb, now()
  FROM target WHERE open AND fits
  ORDER BY attempt_id, question_id, place DESC
  ${KEEP}
)
SELECT place, user_id AS "userId", false AS own, open, fits FROM target`;
