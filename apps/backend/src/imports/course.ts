import { type CoursePackage, type PackageLesson, settle } from '@preau/elearning/coursePackage';
import type { Note } from '@preau/elearning/note';
import { type RichText, richTextOf, validateRichText } from '@preau/elearning/richText';
import type { Db } from '../database/db.ts';
import { createCourse } from '../studio/course.ts';
import type { Stored } from './assets.ts';
import { type Counts, noCounts, note } from './job.ts';
import { cleanLine, cleanParagraph } from './text.ts';

const UNTITLED = 'Sans titre';

/**
 * Writes a package as a new course with a draft, all of it or nothing. Where the job has written its course before
 * (the process died right after), nothing happens.
 */
export async function writeCourse(
  db: Db,
  importId: string,
  course: CoursePackage,
  stored: Stored,
  notes: readonly Note[],
): Promise<void> {
  await db.transaction(async (tx) => {
    const { courseId, startedBy } = await tx.one<{ courseId: string | null; startedBy: string | null }>(
      LOCK,
      [importId],
    );
    if (courseId !== null) return;
    const lessons = course.modules.flatMap((module) => module.lessons);
    const ids = await tx.query<{ id: string }>('SELECT new_id() AS id FROM generate_series(1, $1::int)', [
      lessons.length,
    ]);
    const idOf = new Map(lessons.map(({ key }, index) => [key, ids[index]?.id ?? '']));
    const refused: Note[] = [];

    const described = {
      title: cleanLine(course.title, 200, UNTITLED),
      summary: cleanParagraph(course.summary, 1000),
    };
    const made = await createCourse(tx, described, startedBy);
    await tx.query(DESCRIBE, [
      made.draft.versionId,
      JSON.stringify(course.objectives.map((line) => cleanLine(line, 300, '')).filter((line) => line !== '')),
      cleanParagraph(course.prerequisites, 1000),
      cleanParagraph(course.attribution, 4000),
    ]);
    for (const [position, module] of course.modules.entries()) {
      const { id: moduleId } = await tx.one<{ id: string }>(INSERT_MODULE, [
        made.draft.versionId,
        position,
        cleanLine(module.title, 200, UNTITLED),
        cleanParagraph(module.summary, 1000),
      ]);
      for (const [place, lesson] of module.lessons.entries())
        await tx.query(INSERT_LESSON, [
          idOf.get(lesson.key),
          made.draft.versionId,
          moduleId,
          place,
          cleanLine(lesson.title, 200, UNTITLED),
          JSON.stringify(settled(lesson, idOf, stored, refused)),
          lesson.estimatedMinutes,
        ]);
    }
    const counts: Counts = {
      ...noCounts,
      modules: course.modules.length,
      lessons: lessons.length,
      assets: [...Object.values(stored.pictures), ...Object.values(stored.attachments)].filter(
        (place) => place !== null,
      ).length,
    };
    await tx.query('UPDATE imports SET course_id = $2 WHERE id = $1', [importId, made.id]);
    await note(tx, importId, { percent: 95, step: 'write', counts, notes: [...notes, ...refused] });
  });
}

/**
 * A lesson with its pictures, and links to the draft's activities (publishing leads them to the version's own).
 * Refused ones are written empty and noted: one monster must not cost the course.
 */
function settled(
  lesson: PackageLesson,
  idOf: Map<string, string>,
  stored: Stored,
  refused: Note[],
): RichText {
  const content = settle(lesson.content, {
    lesson: (key) => (idOf.has(key) ? `/activities/${idOf.get(key)}` : null),
    image: (path) => stored.pictures[path] ?? null,
    file: (path) => (stored.attachments[path] ? `/assets/${stored.attachments[path]}` : null),
  });
  const result = validateRichText(content);
  if (result.ok) return result.value;
  const [issue] = result.issues;
  const excerpt = `${lesson.title}: ${issue?.path} ${issue?.what}`.slice(0, 160);
  refused.push({ level: 'error', file: '', line: null, what: 'content.refused', excerpt });
  return richTextOf([]);
}

const LOCK = `
SELECT course_id AS "courseId", started_by_id AS "startedBy" FROM imports WHERE id = $1 FOR UPDATE`;
const DESCRIBE = `
UPDATE course_versions SET objectives = $2::jsonb, prerequisites = $3, attribution = $4 WHERE id = $1`;
const INSERT_MODULE = `
INSERT INTO modules (version_id, lineage, position, title, summary) VALUES ($1, new_id(), $2::int, $3, $4)
RETURNING id`;
const INSERT_LESSON = `
INSERT INTO activities (id, version_id, module_id, lineage, position, type, title, content, completion_rule,
  availability_rule, estimated_minutes)
VALUES ($1, $2, $3, new_id(), $4::int, 'lesson', $5, $6::jsonb, '{"kind":"marked"}', '{"kind":"always"}', $7::int)`;
