import type { BodyOf, ResponseOf } from '@preau/contract';
import type * as studio from '@preau/contract/tenant/studio';
import { type RichText, validateRichText } from '@preau/elearning/richText';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { draftOfActivity, touch } from './draft.ts';
import { readStudioActivity } from './read.ts';

type Page = ResponseOf<typeof studio.getStudioActivity>;

/** Changes an activity of the draft; refuses contents of the other type. */
export async function updateActivity(
  db: Db,
  activityId: string,
  body: BodyOf<typeof studio.updateActivity>,
): Promise<Page> {
  await db.transaction(async (tx) => {
    const draft = await draftOfActivity(tx, activityId);
    const { type, updatedAt } = await tx.one<{ type: 'lesson' | 'quiz' | 'package'; updatedAt: Date }>(
      'SELECT type::text, updated_at AS "updatedAt" FROM activities WHERE id = $1',
      [activityId],
    );
    if (body.expectedUpdatedAt && Date.parse(body.expectedUpdatedAt) !== updatedAt.getTime())
      refuse('conflict');
    if (body.content && type !== 'lesson')
      refuse('invalid-request', {}, [{ path: 'content', message: type }]);
    const content = body.content && checked(body.content);
    if (body.quiz && type !== 'quiz') refuse('invalid-request', {}, [{ path: 'quiz', message: type }]);
    await tx.query(UPDATE, [
      activityId,
      body.title ?? null,
      body.minutes ?? null,
      content ? JSON.stringify(content) : null,
      body.quiz ? JSON.stringify(body.quiz) : null,
      body.completion ? JSON.stringify(body.completion) : null,
      body.availability ? JSON.stringify(body.availability) : null,
    ]);
    await touch(tx, draft);
  });
  return readStudioActivity(db, activityId);
}

/** A clean copy of what an editor sent: nothing unknown gets into a lesson. */
function checked(content: unknown): RichText {
  const result = validateRichText(content);
  if (result.ok) return result.value;
  const errors = result.issues.map(({ path, what }) => ({ path: `content.${path}`, message: what }));
  return refuse('invalid-request', {}, errors);
}

/** Replaces the questions of a quiz; those with a known id are changed in place and keep their lineage. */
export async function setQuestions(
  db: Db,
  activityId: string,
  { questions }: BodyOf<typeof studio.setQuestions>,
): Promise<Page> {
  await db.transaction(async (tx) => {
    const draft = await draftOfActivity(tx, activityId);
    const { type } = await tx.one<{ type: string }>('SELECT type::text FROM activities WHERE id = $1', [
      activityId,
    ]);
    if (type !== 'quiz') refuse('invalid-request', {}, [{ path: 'questions', message: type }]);
    const known = new Set(
      (await tx.query<{ id: string }>('SELECT id FROM questions WHERE activity_id = $1', [activityId])).map(
        ({ id }) => id,
      ),
    );
    const kept = questions.flatMap(({ id }) => (id && known.has(id) ? [id] : []));
    if (new Set(kept).size !== kept.length) {
      refuse('invalid-request', {}, [{ path: 'questions', message: 'id' }]);
    }
    for (const [index, { question }] of questions.entries()) {
      if (!('options' in question)) continue;
      const ids = question.options.map(({ id }) => id);
      if (new Set(ids).size === ids.length) continue;
      refuse('invalid-request', {}, [{ path: `questions.${index}.question.options`, message: 'id' }]);
    }
    const removed = [...known].filter((id) => !kept.includes(id));
    await tx.query('DELETE FROM responses WHERE question_id = ANY ($1::uuid[])', [removed]);
    await tx.query('DELETE FROM questions WHERE id = ANY ($1::uuid[])', [removed]);
    for (const [position, { id, question }] of questions.entries()) {
      const values = [activityId, position, question.type, JSON.stringify(question), question.points];
      if (id && known.has(id)) await tx.query(UPDATE_QUESTION, [...values, id]);
      else await tx.query(INSERT_QUESTION, [...values, draft.versionId]);
    }
    await tx.query('UPDATE activities SET updated_at = now() WHERE id = $1', [activityId]);
    await touch(tx, draft);
  });
  return readStudioActivity(db, activityId);
}

const UPDATE = `
UPDATE activities a SET
  title = coalesce($2, a.title), estimated_minutes = coalesce($3::int, a.estimated_minutes),
  content = coalesce($4::jsonb, a.content), config = coalesce($5::jsonb, a.config),
  completion_rule = coalesce($6::jsonb, a.completion_rule),
  availability_rule = coalesce($7::jsonb, a.availability_rule),
  updated_at = clock_timestamp()
WHERE a.id = $1`;

const UPDATE_QUESTION = `
UPDATE questions SET position = $2::int, type = $3::enum_questions_type, config = $4::jsonb,
  points = $5::float8::numeric, updated_at = now()
WHERE id = $6 AND activity_id = $1`;
const INSERT_QUESTION = `
INSERT INTO questions (activity_id, position, type, config, points, version_id, lineage)
VALUES ($1, $2::int, $3::enum_questions_type, $4::jsonb, $5::float8::numeric, $6, new_id())`;
