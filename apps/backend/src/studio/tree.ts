import type { BodyOf } from '@preau/contract';
import { quizConfig } from '@preau/contract/tenant/content';
import type * as studio from '@preau/contract/tenant/studio';
import type { StudioCourse } from '@preau/contract/tenant/studio';
import { richTextOf } from '@preau/elearning/richText';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { draftOfActivity, draftOfCourse, draftOfModule, touch } from './draft.ts';
import { readStudioCourse } from './read.ts';

export async function createModule(
  db: Db,
  courseId: string,
  { title, summary }: BodyOf<typeof studio.createModule>,
): Promise<StudioCourse> {
  await db.transaction(async (tx) => {
    const draft = await draftOfCourse(tx, courseId);
    await tx.query(INSERT_MODULE, [draft.versionId, title, summary]);
    await touch(tx, draft);
  });
  return readStudioCourse(db, courseId);
}

export async function updateModule(
  db: Db,
  moduleId: string,
  { title, summary }: BodyOf<typeof studio.updateModule>,
): Promise<StudioCourse> {
  const { courseId } = await db.transaction(async (tx) => {
    const draft = await draftOfModule(tx, moduleId);
    await tx.query(UPDATE_MODULE, [moduleId, title ?? null, summary ?? null]);
    await touch(tx, draft);
    return draft;
  });
  return readStudioCourse(db, courseId);
}

export async function deleteModule(db: Db, moduleId: string): Promise<StudioCourse> {
  const { courseId } = await db.transaction(async (tx) => {
    const draft = await draftOfModule(tx, moduleId);
    await tx.query(DELETE_TRIALS_OF_MODULE, [moduleId]);
    await tx.query('DELETE FROM modules WHERE id = $1', [moduleId]);
    await touch(tx, draft);
    return draft;
  });
  return readStudioCourse(db, courseId);
}

/** A lesson or a package is done when it is marked, a quiz when it is passed, until the author says otherwise. */
export async function createActivity(
  db: Db,
  moduleId: string,
  { type, title }: BodyOf<typeof studio.createActivity>,
): Promise<{ activityId: string; course: StudioCourse }> {
  const { draft, activityId } = await db.transaction(async (tx) => {
    const draft = await draftOfModule(tx, moduleId);
    const lesson = type === 'lesson';
    const { id } = await tx.one<{ id: string }>(INSERT_ACTIVITY, [
      draft.versionId,
      moduleId,
      type,
      title,
      lesson ? JSON.stringify(richTextOf([])) : null,
      type === 'quiz' ? JSON.stringify(quizConfig.parse({})) : null,
      JSON.stringify({ kind: type === 'quiz' ? 'passed' : 'marked' }),
      JSON.stringify({ kind: 'always' }),
    ]);
    await touch(tx, draft);
    return { draft, activityId: id };
  });
  return { activityId, course: await readStudioCourse(db, draft.courseId) };
}

export async function deleteActivity(db: Db, activityId: string): Promise<StudioCourse> {
  const { courseId } = await db.transaction(async (tx) => {
    const draft = await draftOfActivity(tx, activityId);
    await tx.query('DELETE FROM attempts WHERE activity_id = $1', [activityId]);
    await tx.query('DELETE FROM activities WHERE id = $1', [activityId]);
    await touch(tx, draft);
    return draft;
  });
  return readStudioCourse(db, courseId);
}

/** Puts modules and activities in a new order. Whoever ordered an older state of the draft gets a conflict. */
export async function orderCourse(
  db: Db,
  courseId: string,
  { modules }: BodyOf<typeof studio.orderCourse>,
): Promise<StudioCourse> {
  await db.transaction(async (tx) => {
    const draft = await draftOfCourse(tx, courseId);
    const known = await tx.one<{ modules: string[]; activities: string[] }>(PIECES, [draft.versionId]);
    const activities = modules.flatMap((module) =>
      module.activityIds.map((id, position) => ({ id, moduleId: module.id, position })),
    );
    const complete =
      sameSet(
        known.modules,
        modules.map(({ id }) => id),
      ) &&
      sameSet(
        known.activities,
        activities.map(({ id }) => id),
      );
    if (!complete) refuse('conflict');
    await tx.query(ORDER_MODULES, [draft.versionId, modules.map(({ id }) => id)]);
    await tx.query(ORDER_ACTIVITIES, [
      draft.versionId,
      activities.map(({ id }) => id),
      activities.map(({ moduleId }) => moduleId),
      activities.map(({ position }) => position),
    ]);
    await touch(tx, draft);
  });
  return readStudioCourse(db, courseId);
}

/** Whether `given` names each of `known` exactly once. */
function sameSet(known: string[], given: string[]): boolean {
  const names = new Set(given);
  return names.size === given.length && names.size === known.length && known.every((id) => names.has(id));
}

const INSERT_MODULE = `
INSERT INTO modules (version_id, lineage, position, title, summary)
SELECT $1, new_id(), coalesce(max(m.position) + 1, 0), $2, $3 FROM modules m WHERE m.version_id = $1`;
const UPDATE_MODULE = `
UPDATE modules m SET title = coalesce($2, m.title), summary = coalesce($3, m.summary), updated_at = now()
WHERE m.id = $1`;
const DELETE_TRIALS_OF_MODULE = `
DELETE FROM attempts t USING activities a WHERE t.activity_id = a.id AND a.module_id = $1`;

const INSERT_ACTIVITY = `
INSERT INTO activities (version_id, module_id, lineage, position, type, title, content, config, completion_rule,
  availability_rule)
SELECT $1, $2, new_id(), coalesce(max(a.position) + 1, 0), $3::enum_activities_type, $4, $5::jsonb, $6::jsonb,
  $7::jsonb, $8::jsonb
FROM activities a WHERE a.module_id = $2
RETURNING id`;

const PIECES = `
SELECT
  (SELECT coalesce(json_agg(m.id), '[]') FROM modules m WHERE m.version_id = $1) AS modules,
  (SELECT coalesce(json_agg(a.id), '[]') FROM activities a WHERE a.version_id = $1) AS activities`;
const ORDER_MODULES = `
UPDATE modules m SET position = o.position, updated_at = now()
FROM unnest($2::uuid[]) WITH ORDINALITY AS o (id, position)
WHERE m.version_id = $1 AND m.id = o.id`;
/** `updated_at` stays: it guards the contents, and moving an activity does not change them. */
const ORDER_ACTIVITIES = `
UPDATE activities a SET module_id = o.module_id, position = o.position
FROM unnest($2::uuid[], $3::uuid[], $4::int[]) AS o (id, module_id, position)
WHERE a.version_id = $1 AND a.id = o.id`;
