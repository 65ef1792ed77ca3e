import type { ResponseOf } from '@preau/contract';
import type { Asset, ContentPackage } from '@preau/contract/tenant/assets';
import type { QuestionInput, QuizConfig, RichText } from '@preau/contract/tenant/content';
import type { getStudioActivity, StudioActivity, StudioCourse } from '@preau/contract/tenant/studio';
import { loadVersion, type VersionActivity } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';

interface CourseRow {
  id: string;
  slug: string;
  selfEnrolment: boolean;
  listed: boolean;
  draftId: string;
  changed: boolean;
  cover: Asset | null;
  published: StudioCourse['published'];
  trainers: StudioCourse['trainers'];
}

/** The draft of a course as its tree. */
export async function readStudioCourse(db: Db, courseId: string): Promise<StudioCourse> {
  const { course } = found(await db.maybe<{ course: CourseRow }>(READ_COURSE, [courseId]));
  const draft = found(await loadVersion(db, course.draftId));
  return {
    id: course.id,
    slug: course.slug,
    title: draft.title,
    summary: draft.summary,
    objectives: draft.objectives,
    audience: draft.audience,
    prerequisites: draft.prerequisites,
    attribution: draft.attribution,
    cover: course.cover,
    selfEnrolment: course.selfEnrolment,
    listed: course.listed,
    state: course.published === null ? 'draft' : course.changed ? 'changed' : 'published',
    draft: { versionId: draft.id, number: draft.number },
    published: course.published,
    trainers: course.trainers,
    modules: draft.modules.map(({ id, lineage, title, summary, activities }) => ({
      id,
      lineage,
      title,
      summary,
      activities: activities.map(presentActivity),
    })),
  };
}

function presentActivity(activity: VersionActivity): StudioActivity {
  const { id, lineage, type, title, minutes, completion, availability, questions } = activity;
  return { id, lineage, type, title, minutes, completion, availability, questions };
}

interface ContentRow {
  courseId: string;
  state: 'draft' | 'published';
  moduleId: string;
  content: RichText | null;
  quiz: QuizConfig | null;
  package: ContentPackage | null;
  questions: { id: string; lineage: string; question: QuestionInput }[];
  updatedAt: string;
}

/** One activity of the draft with everything in it; the frozen ones are not edited, so they are not found. */
export async function readStudioActivity(
  db: Db,
  activityId: string,
): Promise<ResponseOf<typeof getStudioActivity>> {
  const { row } = found(await db.maybe<{ row: ContentRow }>(READ_CONTENT, [activityId]));
  if (row.state !== 'draft') refuse('not-found');
  const course = await readStudioCourse(db, row.courseId);
  const activity = found(
    course.modules.flatMap((module) => module.activities).find(({ id }) => id === activityId),
  );
  const { moduleId, content, quiz, questions, updatedAt } = row;
  const own = { moduleId, content, quiz, package: row.package, questions, updatedAt };
  return { course, activity: { ...activity, ...own } };
}

const READ_COURSE = `
SELECT json_build_object(
  'id', c.id, 'slug', c.slug, 'selfEnrolment', c.self_enrolment, 'listed', c.listed, 'draftId', c.draft_version_id,
  'changed', d.updated_at > p.published_at,
  'cover', (
    SELECT json_build_object('id', k.id, 'name', k.name, 'mime', k.mime, 'bytes', k.bytes, 'width', k.width,
      'height', k.height, 'alt', k.alt, 'scanning', k.scan IN ('pending', 'failed'))
    FROM assets k WHERE k.id = c.cover_id
  ),
  'published', CASE WHEN p.id IS NOT NULL THEN
    json_build_object('versionId', p.id, 'number', p.number, 'publishedAt', p.published_at) END,
  'trainers', (
    SELECT coalesce(json_agg(json_build_object('id', u.id, 'name', u.name) ORDER BY u.name, u.id), '[]')
    FROM course_trainers r JOIN users u ON u.id = r.user_id WHERE r.course_id = c.id
  )
) AS course
FROM courses c
JOIN course_versions d ON d.id = c.draft_version_id
LEFT JOIN course_versions p ON p.id = c.published_version_id
WHERE c.id = $1`;

const READ_CONTENT = `
SELECT json_build_object(
  'courseId', v.course_id, 'state', v.state, 'moduleId', a.module_id, 'content', a.content, 'quiz', a.config,
  'package', (
    SELECT json_build_object('id', p.id, 'name', p.name, 'bytes', p.bytes,
      'files', (SELECT count(*) FROM jsonb_object_keys(p.files)))
    FROM content_packages p WHERE p.id = a.package_id
  ),
  'updatedAt', a.updated_at,
  'questions', (
    SELECT coalesce(json_agg(json_build_object('id', q.id, 'lineage', q.lineage, 'question', q.config)
      ORDER BY q.position), '[]')
    FROM questions q WHERE q.activity_id = a.id
  )
) AS row
FROM activities a JOIN course_versions v ON v.id = a.version_id
WHERE a.id = $1`;
