import type { Locale } from '@preau/contract';
import { z } from 'zod';
import type { Db } from '../database/db.ts';
import { csvLines, csvOf } from '../http/csv.ts';

const BATCH = 1_000;

/** A table of the export: what a row says, and where it comes from. */
export interface Dataset {
  name: string;
  row: z.ZodObject;
  /** `row` as JSON, its `id` beside it; `$1` is the id to go on behind, `$2` how many. */
  sql: string;
}

const id = z.uuid().describe('Identifier, the same in every table');
const instant = z.iso.datetime({ offset: true }).describe('RFC 3339').nullable();
const text = z.string().nullable();
const person = { personId: id, email: z.string().describe('Address of the person') };
const enrolment = { enrolmentId: id.describe('Of the table enrolments'), ...person };
const course = { courseId: id, courseTitle: z.string() };
const TIME = `'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'`;
const at = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', ${TIME})`;

/** What people are and did, one table a subject. */
export const datasets: Dataset[] = [
  {
    name: 'people',
    row: z.object({
      id,
      name: z.string(),
      email: z.string(),
      role: z
        .string()
        .describe('administrator, trainer, manager, learner …, or the name of a role of the platform’s own'),
      status: z.enum(['pending', 'active', 'disabled']),
      locale: z.enum(['fr', 'en']),
      managerEmail: text,
      createdAt: instant,
      lastSeenAt: instant,
    }),
    sql: `SELECT u.id, json_build_object('id', u.id, 'name', u.name, 'email', u.email,
      'role', coalesce((SELECT r.name FROM roles r WHERE r.id = u.custom_role_id), u.role::text), 'status', u.status,
      'locale', u.locale, 'managerEmail', (SELECT m.email FROM users m WHERE m.id = u.manager_id),
      'createdAt', ${at('u.created_at')}, 'lastSeenAt', ${at('u.last_seen_at')}) AS row
      FROM users u WHERE u.id > $1 ORDER BY u.id LIMIT $2`,
  },
  {
    name: 'enrolments',
    row: z.object({
      id,
      ...person,
      ...course,
      courseVersion: z.int(),
      cycle: z.int().describe('1 for the first time, 2 where the course is taken again'),
      state: z.enum(['active', 'completed', 'suspended']),
      source: z.string(),
      percent: z.number().describe('Share of the required activities done, 0–100'),
      enrolledAt: instant,
      completedAt: instant,
      dueAt: instant,
      accessUntil: instant,
    }),
    sql: `SELECT e.id, json_build_object('id', e.id, 'personId', u.id, 'email', u.email, 'courseId', c.id,
      'courseTitle', c.title, 'courseVersion', v.number::int, 'cycle', e.cycle::int, 'state', e.state, 'source', e.source,
      'percent', e.percent, 'enrolledAt', ${at('e.enrolled_at')}, 'completedAt', ${at('e.completed_at')},
      'dueAt', ${at('e.due_at')}, 'accessUntil', ${at('e.access_until')}) AS row
      FROM enrolments e JOIN users u ON u.id = e.user_id JOIN courses c ON c.id = e.course_id
      JOIN course_versions v ON v.id = e.course_version_id WHERE e.id > $1 ORDER BY e.id LIMIT $2`,
  },
  {
    name: 'progress',
    row: z.object({
      id,
      ...enrolment,
      activityId: id,
      activityTitle: z.string(),
      state: z.enum(['started', 'completed']),
      position: z.number().describe('Where the lesson was left, 0–1'),
      timeSpentSeconds: z.number(),
      attempts: z.int(),
      bestPercent: z.number().nullable(),
      passed: z.boolean(),
      firstSeenAt: instant,
      lastSeenAt: instant,
      completedAt: instant,
    }),
    sql: `SELECT p.id, json_build_object('id', p.id, 'enrolmentId', e.id, 'personId', u.id, 'email', u.email,
      'activityId', a.id, 'activityTitle', a.title, 'state', p.state, 'position', p.position,
      'timeSpentSeconds', p.time_spent_seconds, 'attempts', p.attempts::int, 'bestPercent', p.best_percent,
      'passed', p.passed, 'firstSeenAt', ${at('p.first_seen_at')}, 'lastSeenAt', ${at('p.last_seen_at')},
      'completedAt', ${at('p.completed_at')}) AS row
      FROM progress p JOIN enrolments e ON e.id = p.enrolment_id JOIN users u ON u.id = e.user_id
      JOIN activities a ON a.id = p.activity_id WHERE p.id > $1 ORDER BY p.id LIMIT $2`,
  },
  {
    name: 'attempts',
    row: z.object({
      id,
      enrolmentId: id.nullable(),
      ...person,
      activityId: id,
      activityTitle: z.string(),
      number: z.int(),
      state: z.enum(['open', 'submitted']),
      startedAt: instant,
      submittedAt: instant,
      score: z.number().nullable(),
      maxScore: z.number().nullable(),
      passed: z.boolean(),
    }),
    sql: `SELECT t.id, json_build_object('id', t.id, 'enrolmentId', t.enrolment_id, 'personId', u.id, 'email', u.email,
      'activityId', a.id, 'activityTitle', a.title, 'number', t.number::int, 'state', t.state,
      'startedAt', ${at('t.started_at')}, 'submittedAt', ${at('t.submitted_at')}, 'score', t.score,
      'maxScore', t.max_score, 'passed', t.passed) AS row
      FROM attempts t JOIN users u ON u.id = t.user_id JOIN activities a ON a.id = t.activity_id
      WHERE t.id > $1 ORDER BY t.id LIMIT $2`,
  },
  {
    name: 'answers',
    row: z.object({
      id,
      attemptId: id.describe('Of the table attempts'),
      questionId: id,
      prompt: z.string().nullable(),
      response: z.unknown().describe('What was answered: option ids, a text, a number, true or false'),
      correct: z.boolean().nullable(),
      score: z.number().nullable(),
      answeredAt: instant,
    }),
    sql: `SELECT r.id, json_build_object('id', r.id, 'attemptId', r.attempt_id, 'questionId', q.id,
      'prompt', q.config ->> 'prompt', 'response', r.response, 'correct', r.correct, 'score', r.score,
      'answeredAt', ${at('r.answered_at')}) AS row
      FROM responses r JOIN questions q ON q.id = r.question_id WHERE r.id > $1 ORDER BY r.id LIMIT $2`,
  },
  {
    name: 'certificates',
    row: z.object({
      id,
      code: z.string().describe('By which anybody can verify it on the platform'),
      ...enrolment,
      holderName: z.string(),
      courseTitle: z.string(),
      durationMinutes: z.number().nullable(),
      issuedAt: instant,
      revokedAt: instant,
    }),
    sql: `SELECT k.id, json_build_object('id', k.id, 'code', k.code, 'enrolmentId', e.id, 'personId', u.id,
      'email', u.email, 'holderName', k.holder_name, 'courseTitle', k.course_title,
      'durationMinutes', k.duration_minutes, 'issuedAt', ${at('k.issued_at')}, 'revokedAt', ${at('k.revoked_at')}) AS row
      FROM credentials k JOIN enrolments e ON e.id = k.enrolment_id JOIN users u ON u.id = e.user_id
      WHERE k.id > $1 ORDER BY k.id LIMIT $2`,
  },
];

type Row = Record<string, unknown>;
const FIRST = '00000000-0000-0000-0000-000000000000';

async function* rowsOf(db: Db, { sql }: Dataset): AsyncGenerator<Row[]> {
  let after = FIRST;
  for (;;) {
    const rows = await db.query<{ id: string; row: Row }>(sql, [after, BATCH]);
    yield rows.map(({ row }) => row);
    const last = rows.at(-1);
    if (!last || rows.length < BATCH) return;
    after = last.id;
  }
}

/** As spreadsheets of the language open it; nothing in it is taken for a formula. */
export async function* csvOfDataset(db: Db, dataset: Dataset, locale: Locale): AsyncGenerator<string> {
  const columns = Object.keys(dataset.row.shape);
  yield csvOf([columns], locale);
  for await (const rows of rowsOf(db, dataset)) {
    yield csvLines(
      rows.map((row) => columns.map((column) => cellOf(row[column]))),
      locale,
    );
  }
}

/** A list of objects that `schema.json` describes. @param count told how many there are */
export async function* jsonOfDataset(
  db: Db,
  dataset: Dataset,
  count: (rows: number) => void,
): AsyncGenerator<string> {
  let number = 0;
  yield '[';
  for await (const rows of rowsOf(db, dataset))
    for (const row of rows) yield `${number++ === 0 ? '\n' : ',\n'}${JSON.stringify(dataset.row.parse(row))}`;
  yield '\n]\n';
  count(number);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The tables as JSON Schema (2020-12), each under its name. */
export function schemaOfDatasets(): unknown {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Préau export 1',
    $defs: Object.fromEntries(
      datasets.map(({ name, row }) => {
        const { $schema: _, ...schema } = z.toJSONSchema(z.array(row));
        return [name, schema];
      }),
    ),
  };
}
