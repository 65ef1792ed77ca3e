import type { Db } from '../database/db.ts';
import { found, refuse } from '../http/problem.ts';
import { type CourseFacts, type CourseVerb, can } from '../policies/course.ts';
import type { User } from '../policies/viewer.ts';

/** What names a course: itself, or a piece of it. */
export type CourseTarget =
  | { courseId: string }
  | { versionId: string }
  | { moduleId: string }
  | { activityId: string }
  | { enrolmentId: string };

export interface KnownCourse extends CourseFacts {
  id: string;
}

/** SQL: whether user `$1` is a trainer of the course `c`. */
export const IS_TRAINER = `EXISTS (SELECT 1 FROM course_trainers r WHERE r.course_id = c.id AND r.user_id = $1)`;

/** What the policies look at, of the course that something belongs to. @throws Problem `not-found` */
export async function courseOf(db: Db, viewer: User, target: CourseTarget): Promise<KnownCourse> {
  const [[kind, id]] = Object.entries(target) as [[keyof typeof FIND, string]];
  return found(await db.maybe<KnownCourse & Record<string, unknown>>(FIND[kind], [viewer.id, id]));
}

/**
 * The course that something belongs to, for whoever may do `verb` with it: for those who may not even know it, it
 * does not exist.
 * @throws Problem `not-found` or `forbidden`
 */
export async function requireCourse(
  db: Db,
  viewer: User,
  verb: CourseVerb,
  target: CourseTarget,
): Promise<KnownCourse> {
  const course = await courseOf(db, viewer, target);
  if (!can(viewer, verb, course)) refuse(can(viewer, 'read', course) ? 'forbidden' : 'not-found');
  return course;
}

const FACTS = `
SELECT c.id, c.published_version_id IS NOT NULL AS published, c.listed, c.self_enrolment AS "selfEnrolment",
  coalesce((SELECT s.catalogue::text FROM site_settings s), 'private') AS catalogue,
  EXISTS (SELECT 1 FROM enrolments n WHERE n.course_id = c.id AND n.user_id = $1 AND n.state <> 'suspended'
    AND (n.state = 'completed' OR n.access_until IS NULL OR n.access_until >= now())) AS enrolled,
  ${IS_TRAINER} AS own
FROM courses c`;
const OF_VERSION = `${FACTS} JOIN course_versions v ON v.course_id = c.id`;
const FIND = {
  courseId: `${FACTS} WHERE c.id = $2`,
  versionId: `${OF_VERSION} WHERE v.id = $2`,
  moduleId: `${OF_VERSION} JOIN modules m ON m.version_id = v.id WHERE m.id = $2`,
  activityId: `${OF_VERSION} JOIN activities a ON a.version_id = v.id WHERE a.id = $2`,
  enrolmentId: `${FACTS} JOIN enrolments e ON e.course_id = c.id WHERE e.id = $2`,
} as const;
