import type { Locale } from '@preau/contract';
import type { Db } from '../database/db.ts';
import { refuse } from '../http/problem.ts';
import { can, NEW_COURSE } from '../policies/course.ts';
import type { User } from '../policies/viewer.ts';
import type { Evaluation } from '../progress/completion.ts';
import { IS_TRAINER } from './facts.ts';
import { lockedReason } from './lockedReason.ts';
import {
  ENROLMENT,
  type Enrolment,
  evaluateEnrolment,
  isRunning,
  readEnrolment,
  type StoredEnrolment,
} from './standing.ts';
import {
  activitiesOf,
  knownVersionWith,
  loadVersion,
  type Version,
  type VersionActivity,
} from './version.ts';

/** One activity, the version it belongs to, and the person's standing there. */
export interface Place {
  courseSlug: string;
  /** The viewer is a trainer of the course; not asked for whoever learns in it. */
  own: boolean;
  version: Version;
  activity: VersionActivity;
  /** Null where an author looks without being enrolled: nothing is recorded. */
  learner: { enrolment: Enrolment; evaluation: Evaluation } | null;
}

interface PlaceRow {
  versionId: string;
  slug: string;
  listed: boolean;
  own: boolean;
  catalogue: 'public' | 'private';
  /** Whether the activity belongs to the version that newcomers get. */
  published: boolean;
  enrolment: StoredEnrolment | null;
}

/**
 * Finds an activity for somebody who wants to study it: one statement, and the outline from memory. For a learner in
 * a version that was read before it is a shorter one, as whoever is enrolled may study, whatever else a course is.
 * Whoever may not even know the course gets `not-found`; whoever could enrol, `not-enrolled`; a learner
 * before a lock, `activity-locked`.
 */
export async function findPlace(db: Db, user: User, activityId: string, locale: Locale): Promise<Place> {
  const known = knownVersionWith(db, activityId);
  if (known) {
    const row = await db.maybe<StandingRow>(READ_STANDING, [user.id, known.courseId]);
    const enrolment = readEnrolment(row?.enrolment ?? null);
    const enrolled = enrolment !== null && isRunning(enrolment) && enrolment.versionId === known.id;
    if (row && enrolled && can(user, 'study', { ...NEW_COURSE, enrolled }))
      return placeOf({ courseSlug: row.slug, own: false, version: known }, activityId, enrolment, locale);
  }
  const row = (await db.maybe<PlaceRow>(READ, [user.id, activityId])) ?? refuse('not-found');
  const enrolment = readEnrolment(row.enrolment);
  const enrolled = enrolment !== null && isRunning(enrolment) && enrolment.versionId === row.versionId;
  const facts = { ...row, enrolled, selfEnrolment: false };
  if (!can(user, 'study', facts)) refuse(can(user, 'see', facts) ? 'not-enrolled' : 'not-found');
  const version = (await loadVersion(db, row.versionId)) ?? refuse('not-found');
  return placeOf(
    { courseSlug: row.slug, own: row.own, version },
    activityId,
    enrolled ? enrolment : null,
    locale,
  );
}

function placeOf(
  course: Pick<Place, 'courseSlug' | 'own' | 'version'>,
  activityId: string,
  enrolment: Enrolment | null,
  locale: Locale,
): Place {
  const { version } = course;
  const activity = activitiesOf(version).find(({ id }) => id === activityId) ?? refuse('not-found');
  const place = { ...course, activity };
  if (!enrolment) return { ...place, learner: null };
  const evaluation = evaluateEnrolment(version, enrolment.progress, new Date());
  const state = evaluation.activities.get(activity.lineage);
  if (!state?.available) refuse('activity-locked', { reason: lockedReason(state?.reasons ?? [], locale) });
  return { ...place, learner: { enrolment, evaluation } };
}

interface StandingRow extends Record<string, unknown> {
  slug: string;
  enrolment: StoredEnrolment | null;
}

const READ_STANDING = `SELECT c.slug, ${ENROLMENT} AS enrolment FROM courses c WHERE c.id = $2`;

const READ = `
SELECT a.version_id AS "versionId", c.slug, c.listed, ${IS_TRAINER} AS own,
  coalesce((SELECT s.catalogue::text FROM site_settings s), 'private') AS catalogue,
  c.published_version_id IS NOT DISTINCT FROM a.version_id AS published,
  ${ENROLMENT} AS enrolment
FROM activities a
JOIN course_versions v ON v.id = a.version_id
JOIN courses c ON c.id = v.course_id
WHERE a.id = $2`;
