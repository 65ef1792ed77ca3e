import { type QuestionInput, questionInput, quizConfig } from '@preau/contract/tenant/content';
import { parseGift } from '@preau/elearning/gift';
import { questionsOf } from '@preau/elearning/gift/questions';
import { excerptOf, MAX_NOTES, type Note } from '@preau/elearning/note';
import { PackageError } from '@preau/elearning/zip';
import type { Db } from '../database/db.ts';
import { type Draft, draftOfActivity, draftOfModule, touch } from '../studio/draft.ts';
import { type ImportRow, noCounts, note } from './job.ts';
import { cleanLine } from './text.ts';

const MAX_BYTES = 5 * 1024 * 1024;

/** Questions of a GIFT file that the platform takes, and notes about the others. */
export interface Questions {
  title: string | null;
  questions: QuestionInput[];
  notes: Note[];
}

/** @throws PackageError where the file is no GIFT */
export function readQuestions(fileName: string, bytes: Uint8Array): Questions {
  if (bytes.byteLength > MAX_BYTES) throw new PackageError('gift.tooLarge');
  const gift = parseGift(fileName, decode(bytes));
  const { title, questions, notes } = questionsOf(fileName, gift);
  if (gift.items.length === 0) throw new PackageError('gift.empty');
  const taken: QuestionInput[] = [];
  for (const { question, line, source } of questions) {
    const checked = questionInput.safeParse(question);
    if (checked.success) taken.push(checked.data);
    else
      notes.push({
        level: 'error',
        file: fileName,
        line,
        what: 'question.invalid',
        excerpt: excerptOf(source),
      });
  }
  return { title, questions: taken, notes: notes.slice(0, MAX_NOTES) };
}

/** UTF-8, or what older platforms exported: Windows’ Western letters. */
function decode(bytes: Uint8Array): string {
  if (bytes.includes(0)) throw new PackageError('gift.unreadable');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}

/**
 * Appends questions to the job's quiz, or to a new one in its module; all of them or none. A job that has written
 * before writes nothing again.
 * @param title of a new quiz, where the file names none
 * @throws Problem `not-found` or `version-frozen` where the quiz or module is gone
 */
export async function writeQuestions(
  db: Db,
  row: ImportRow,
  { title, questions, notes }: Questions,
  untitled: string,
): Promise<void> {
  await db.transaction(async (tx) => {
    const { step } = await tx.one<{ step: string }>(
      'SELECT step::text FROM imports WHERE id = $1 FOR UPDATE',
      [row.id],
    );
    if (step === 'write') return;
    const { draft, activityId } = await target(tx, row, cleanLine(title ?? untitled, 200, untitled));
    for (const question of questions)
      await tx.query(INSERT_QUESTION, [
        draft.versionId,
        activityId,
        question.type,
        JSON.stringify(question),
        question.points,
      ]);
    await touch(tx, draft);
    await tx.query('UPDATE imports SET activity_id = $2, course_id = $3 WHERE id = $1', [
      row.id,
      activityId,
      draft.courseId,
    ]);
    const counts = { ...noCounts, questions: questions.length };
    await note(tx, row.id, { percent: 95, step: 'write', counts, notes });
  });
}

async function target(tx: Db, row: ImportRow, title: string): Promise<{ draft: Draft; activityId: string }> {
  if (row.activityId) return { draft: await draftOfActivity(tx, row.activityId), activityId: row.activityId };
  const moduleId = row.moduleId ?? '';
  const draft = await draftOfModule(tx, moduleId);
  const config = JSON.stringify(quizConfig.parse({}));
  const { id } = await tx.one<{ id: string }>(INSERT_QUIZ, [draft.versionId, moduleId, title, config]);
  return { draft, activityId: id };
}

const INSERT_QUIZ = `
INSERT INTO activities (version_id, module_id, lineage, position, type, title, config, completion_rule,
  availability_rule)
SELECT $1, $2, new_id(), coalesce(max(a.position) + 1, 0), 'quiz', $3, $4::jsonb, '{"kind":"passed"}',
  '{"kind":"always"}'
FROM activities a WHERE a.module_id = $2
RETURNING id`;
const INSERT_QUESTION = `
INSERT INTO questions (version_id, activity_id, lineage, position, type, config, points)
SELECT $1, $2, new_id(), coalesce(max(q.position) + 1, 0), $3::enum_questions_type, $4::jsonb, $5::float8::numeric
FROM questions q WHERE q.activity_id = $2`;
