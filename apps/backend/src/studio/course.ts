import type { BodyOf, QueryOf, ResponseOf } from '@preau/contract';
import type * as studio from '@preau/contract/tenant/studio';
import { record } from '../audit/record.ts';
import type { Db } from '../database/db.ts';
import { likePattern } from '../database/like.ts';
import { found, refuse } from '../http/problem.ts';
import { can, NEW_COURSE } from '../policies/course.ts';
import type { User } from '../policies/viewer.ts';
import { requireWritable } from '../site/state.ts';
import { draftOfCourse, touch } from './draft.ts';
import { readStudioCourse } from './read.ts';
import { slugOf } from './slug.ts';

type Course = studio.StudioCourse;

/** How many numbered variants of a slug are tried before the title is refused. */
const SLUG_VARIANTS = 50;

/** The courses that the viewer may see in the studio; the SQL says what `can(viewer, 'read', course)` says. */
export async function listStudioCourses(
  db: Db,
  viewer: User,
  { page, pageSize, search }: QueryOf<typeof studio.listStudioCourses>,
): Promise<ResponseOf<typeof studio.listStudioCourses>> {
  const rows = await db.query<{
    item: ResponseOf<typeof studio.listStudioCourses>['items'][number];
    total: number;
  }>(LIST, [
    search ? likePattern(search) : null,
    pageSize,
    (page - 1) * pageSize,
    can(viewer, 'read', NEW_COURSE) ? null : viewer.id,
  ]);
  return { items: rows.map(({ item }) => item), page, pageSize, total: rows[0]?.total ?? 0 };
}

/** A course with an empty draft, whose creator is its first trainer. A slug that was asked for must be free; one made from the title gets a number. */
export async function createCourse(
  db: Db,
  body: BodyOf<typeof studio.createCourse>,
  creatorId: string | null = null,
): Promise<Course> {
  await requireWritable(db);
  const base = body.slug ?? slugOf(body.title);
  const courseId = await db.transaction(async (tx) => {
    for (let variant = 1; variant <= (body.slug ? 1 : SLUG_VARIANTS); variant++) {
      const slug = variant === 1 ? base : `${base}-${variant}`;
      const course = await tx.maybe<{ id: string }>(INSERT_COURSE, [slug, body.title, body.summary]);
      if (!course) continue;
      await tx.query(INSERT_DRAFT, [course.id, body.title, body.summary]);
      await tx.query(LINK_DRAFT, [course.id]);
      if (creatorId !== null) await tx.query(ADD_TRAINER, [course.id, creatorId]);
      await record(tx, { action: 'course.created', target: course.id });
      return course.id;
    }
    return refuse('already-exists', { name: base });
  });
  return readStudioCourse(db, courseId);
}

/** Changes what describes a course. Title and texts belong to the draft; address, cover and access act at once. */
export async function updateCourse(
  db: Db,
  courseId: string,
  body: BodyOf<typeof studio.updateCourse>,
): Promise<Course> {
  await db.transaction(async (tx) => {
    const draft = await draftOfCourse(tx, courseId);
    if (body.slug !== undefined) {
      const taken = await tx.maybe('SELECT 1 FROM courses WHERE slug = $1 AND id <> $2', [
        body.slug,
        courseId,
      ]);
      if (taken) refuse('already-exists', { name: body.slug });
    }
    if (body.coverAssetId)
      found(await tx.maybe('SELECT 1 AS one FROM assets WHERE id = $1', [body.coverAssetId]));
    await tx.query(UPDATE_COURSE, [
      courseId,
      body.slug ?? null,
      body.selfEnrolment ?? null,
      body.listed ?? null,
      body.coverAssetId !== undefined,
      body.coverAssetId ?? null,
      body.title ?? null,
      body.summary ?? null,
    ]);
    await record(tx, { action: 'course.changed', target: courseId, details: { fields: Object.keys(body) } });
    const { title, summary, objectives, audience, prerequisites } = body;
    const texts = [title, summary, objectives, audience, prerequisites];
    if (texts.every((text) => text === undefined)) return;
    await tx.query(UPDATE_DRAFT, [
      draft.versionId,
      title ?? null,
      summary ?? null,
      objectives ? JSON.stringify(objectives) : null,
      audience ?? null,
      prerequisites ?? null,
    ]);
    await touch(tx, draft);
  });
  return readStudioCourse(db, courseId);
}

/** Deletes a course that nobody was ever enrolled in. */
export async function deleteCourse(db: Db, courseId: string): Promise<undefined> {
  await db.transaction(async (tx) => {
    await draftOfCourse(tx, courseId);
    if (await tx.maybe('SELECT 1 FROM enrolments WHERE course_id = $1 LIMIT 1', [courseId]))
      refuse('state-forbids');
    await tx.query(DELETE_TRIALS, [courseId]);
    await tx.query('UPDATE courses SET draft_version_id = NULL, published_version_id = NULL WHERE id = $1', [
      courseId,
    ]);
    const { title } = await tx.one<{ title: string }>('DELETE FROM courses WHERE id = $1 RETURNING title', [
      courseId,
    ]);
    await record(tx, { action: 'course.deleted', target: courseId, details: { title } });
  });
  return undefined;
}

export async function listVersions(
  db: Db,
  courseId: string,
): Promise<ResponseOf<typeof studio.listVersions>> {
  found(await db.maybe('SELECT 1 AS one FROM courses WHERE id = $1', [courseId]));
  const rows = await db.query<{ item: ResponseOf<typeof studio.listVersions>['items'][number] }>(VERSIONS, [
    courseId,
  ]);
  return { items: rows.map(({ item }) => item) };
}

const LIST = `
SELECT json_build_object(
  'id', c.id, 'slug', c.slug, 'title', d.title,
  'state', CASE WHEN p.id IS NULL THEN 'draft' WHEN d.updated_at > p.published_at THEN 'changed' ELSE 'published' END,
  'publishedVersion', p.number,
  'enrolments', (SELECT count(*) FROM enrolments e WHERE e.course_id = c.id),
  'completed', (SELECT count(*) FROM enrolments e WHERE e.course_id = c.id AND e.state = 'completed'),
  'updatedAt', greatest(d.updated_at, c.updated_at)
) AS item, (count(*) OVER ())::int AS total
FROM courses c
JOIN course_versions d ON d.id = c.draft_version_id
LEFT JOIN course_versions p ON p.id = c.published_version_id
WHERE ($1::text IS NULL OR d.title ILIKE $1 OR c.slug ILIKE $1)
  AND ($4::uuid IS NULL OR EXISTS (SELECT 1 FROM course_trainers r WHERE r.course_id = c.id AND r.user_id = $4))
ORDER BY greatest(d.updated_at, c.updated_at) DESC, c.id
LIMIT $2 OFFSET $3`;

const INSERT_COURSE = `
INSERT INTO courses (slug, title, summary) VALUES ($1, $2, $3)
ON CONFLICT (tenant_id, slug) DO NOTHING RETURNING id`;
const INSERT_DRAFT = `INSERT INTO course_versions (course_id, number, title, summary, objectives) VALUES ($1, 1, $2, $3, '[]')`;
const ADD_TRAINER = `INSERT INTO course_trainers (course_id, user_id) VALUES ($1, $2)`;
const LINK_DRAFT = `
UPDATE courses c SET draft_version_id = v.id FROM course_versions v WHERE c.id = $1 AND v.course_id = c.id`;

/** The course's own title follows its draft until a version is published. */
const UPDATE_COURSE = `
UPDATE courses c SET
  slug = coalesce($2, c.slug),
  self_enrolment = coalesce($3::boolean, c.self_enrolment),
  listed = coalesce($4::boolean, c.listed),
  cover_id = CASE WHEN $5::boolean THEN $6::uuid ELSE c.cover_id END,
  title = CASE WHEN c.published_version_id IS NULL THEN coalesce($7, c.title) ELSE c.title END,
  summary = CASE WHEN c.published_version_id IS NULL THEN coalesce($8, c.summary) ELSE c.summary END,
  updated_at = now()
WHERE c.id = $1`;
const UPDATE_DRAFT = `
UPDATE course_versions v SET
  title = coalesce($2, v.title), summary = coalesce($3, v.summary),
  objectives = coalesce($4::jsonb, v.objectives), audience = coalesce($5, v.audience),
  prerequisites = coalesce($6, v.prerequisites)
WHERE v.id = $1`;

/** Attempts by which authors tried quizzes out. */
const DELETE_TRIALS = `
DELETE FROM attempts t USING activities a, course_versions v
WHERE t.activity_id = a.id AND a.version_id = v.id AND v.course_id = $1 AND t.enrolment_id IS NULL`;

const VERSIONS = `
SELECT json_build_object(
  'id', v.id, 'number', v.number, 'publishedAt', v.published_at,
  'publishedBy', coalesce((SELECT u.name FROM users u WHERE u.id = v.published_by_id), ''),
  'enrolments', (SELECT count(*) FROM enrolments e WHERE e.course_version_id = v.id)
) AS item
FROM course_versions v
WHERE v.course_id = $1 AND v.state = 'published'
ORDER BY v.number DESC`;
