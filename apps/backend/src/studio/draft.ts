import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';

/** The draft that a piece of it belongs to. */
export interface Draft {
  courseId: string;
  versionId: string;
}
interface Row extends Draft {
  state: 'draft' | 'published';
}

/** The draft of a module, locked so that edits of one course follow one another. */
export async function draftOfModule(tx: Db, moduleId: string): Promise<Draft> {
  return editable(await tx.maybe<Row>(OF_MODULE, [moduleId]));
}

/** The draft of an activity, locked in the same way. */
export async function draftOfActivity(tx: Db, activityId: string): Promise<Draft> {
  return editable(await tx.maybe<Row>(OF_ACTIVITY, [activityId]));
}

/** The draft of a course, locked in the same way. */
export async function draftOfCourse(tx: Db, courseId: string): Promise<Draft> {
  return editable(await tx.maybe<Row>(OF_COURSE, [courseId]));
}

/** Notes that the draft has changed since it was last published. */
export async function touch(tx: Db, draft: Draft): Promise<void> {
  await tx.query('UPDATE course_versions SET updated_at = clock_timestamp() WHERE id = $1', [
    draft.versionId,
  ]);
}

function editable(row: Row | undefined): Draft {
  if (!row) refuse('not-found');
  if (row.state !== 'draft') refuse('version-frozen');
  return { courseId: row.courseId, versionId: row.versionId };
}

const COLUMNS = 'v.course_id AS "courseId", v.id AS "versionId", v.state::text';
const OF_MODULE = `
SELECT ${COLUMNS} FROM modules m JOIN course_versions v ON v.id = m.version_id WHERE m.id = $1 FOR UPDATE OF v`;
const OF_ACTIVITY = `
SELECT ${COLUMNS} FROM activities a JOIN course_versions v ON v.id = a.version_id WHERE a.id = $1 FOR UPDATE OF v`;
const OF_COURSE = `
SELECT ${COLUMNS} FROM courses c JOIN course_versions v ON v.id = c.draft_version_id WHERE c.id = $1 FOR UPDATE OF v`;
