import type { Locale } from '@preau/contract';
import type { Answer, Attempt, AttemptResult } from '@preau/contract/tenant/assessment';
import type { QuestionInput, QuizConfig } from '@preau/contract/tenant/content';
import type { Db } from '../database/db.ts';
import { grade, total } from './grade.ts';
import { ask, correctOptionIds, solution } from './present.ts';
import { loadQuestions, type Questions } from './questions.ts';

/** An attempt as it is stored, with what surrounds it. */
export interface AttemptRow {
  id: string;
  userId: string;
  enrolmentId: string | null;
  activityId: string;
  versionId: string;
  frozen: boolean;
  number: number;
  state: 'open' | 'submitted';
  seed: number;
  startedAt: string;
  deadline: string | null;
  late: boolean;
  /** Ids of the questions in the order in which they are asked. */
  order: string[];
  config: QuizConfig;
  answers: Record<string, Answer>;
  /** Attempts handed in at this quiz, and those granted beyond its limit. */
  used: number;
  granted: number;
  suspended: boolean;
  courseCompleted: boolean;
  code: string | null;
  /** Trainers of the course. */
  trainers: string[];
}

/** Answers that were on their way when the time ran out still count for this long. */
export const GRACE_SECONDS = 5;

/** The attempt with id `attemptId`, whoever it belongs to: the caller asks the policy. */
export async function readAttempt(db: Db, attemptId: string): Promise<AttemptRow | undefined> {
  return (await db.maybe<{ attempt: AttemptRow }>(READ, [attemptId]))?.attempt;
}

/** The attempt as the API shows it. `open` tells everything there is to tell: for authors. */
export async function presentAttempt(
  db: Db,
  row: AttemptRow,
  locale: Locale,
  { open = false }: { open?: boolean } = {},
): Promise<Attempt> {
  const questions = await loadQuestions(db, row.activityId, row.frozen);
  const asked = row.order.flatMap((id): [string, QuestionInput][] => {
    const question = questions.get(id);
    return question ? [[id, question]] : [];
  });
  return {
    id: row.id,
    activityId: row.activityId,
    number: row.number,
    state: row.state,
    preview: row.enrolmentId === null,
    startedAt: row.startedAt,
    deadline: row.deadline,
    questions: asked.map(([id, question]) => ask(id, question, row.seed, row.config.shuffleOptions)),
    answers: row.answers,
    result: row.state === 'open' ? null : result(row, asked, locale, reviewOf(row, open)),
  };
}

/** A preview whose viewer may not see answers (any more) tells the total alone: no learner's rules apply to it. */
function reviewOf({ enrolmentId, config }: AttemptRow, open: boolean): QuizConfig['review'] {
  if (open) return 'answers';
  return enrolmentId === null ? 'nothing' : config.review;
}

/** Grades of the questions that were asked, with the total against the pass mark. */
export function gradeAttempt(row: AttemptRow, questions: Questions) {
  const grades = row.order.flatMap((id) => {
    const question = questions.get(id);
    if (!question) return [];
    return [{ id, points: question.points, ...grade(question, row.answers[id]) }];
  });
  return { grades, total: total(grades, row.config.passPercent) };
}

/**
 * What a learner sees afterwards: `nothing` the total only, `score` each question's score as well,
 * `feedback` what the author says to it, `answers` the solutions too.
 */
function result(
  row: AttemptRow,
  asked: [string, QuestionInput][],
  locale: Locale,
  review: QuizConfig['review'],
): AttemptResult {
  const { grades, total: sum } = gradeAttempt(row, new Map(asked));
  const left = row.config.attempts === null ? null : row.config.attempts + row.granted - row.used;
  const byId = new Map(asked);
  return {
    ...sum,
    questions:
      review === 'nothing'
        ? []
        : grades.map((one) => {
            const question = byId.get(one.id);
            const told = review === 'answers' ? question : undefined;
            return {
              questionId: one.id,
              correct: one.correct,
              score: one.score,
              feedback: review === 'score' ? [] : one.feedback,
              solution: told ? solution(told, locale) : [],
              correctOptionIds: told ? correctOptionIds(told) : [],
            };
          }),
    attemptsLeft: left === null ? null : Math.max(0, left),
    courseCompleted: row.courseCompleted,
    credentialCode: row.code,
  };
}

const READ = `
SELECT json_build_object(
  'id', t.id, 'userId', t.user_id, 'enrolmentId', t.enrolment_id, 'activityId', t.activity_id,
  'versionId', a.version_id, 'frozen', v.state = 'published', 'number', t.number, 'state', t.state,
  'seed', t.seed, 'startedAt', t.started_at, 'deadline', t.deadline,
  'late', coalesce(now() > t.deadline + make_interval(secs => ${GRACE_SECONDS}), false),
  'order', t.snapshot, 'config', a.config,
  'answers', (
    SELECT coalesce(json_object_agg(r.question_id, r.response), '{}')
    FROM responses r WHERE r.attempt_id = t.id AND r.response IS NOT NULL
  ),
  'used', coalesce(p.attempts, 0), 'granted', coalesce(p.granted_attempts, 0),
  'suspended', coalesce(e.state = 'suspended', false), 'courseCompleted', coalesce(e.state = 'completed', false),
  'trainers', (SELECT coalesce(json_agg(r.user_id), '[]') FROM course_trainers r WHERE r.course_id = v.course_id),
  'code', (SELECT k.code FROM credentials k WHERE k.enrolment_id = e.id AND k.revoked_at IS NULL)
) AS attempt
FROM attempts t
JOIN activities a ON a.id = t.activity_id
JOIN course_versions v ON v.id = a.version_id
LEFT JOIN enrolments e ON e.id = t.enrolment_id
LEFT JOIN progress p ON p.enrolment_id = t.enrolment_id AND p.activity_id = t.activity_id
WHERE t.id = $1`;
