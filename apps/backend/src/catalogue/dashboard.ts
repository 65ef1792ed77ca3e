import type { Dashboard } from '@preau/contract/tenant/learning';
import { evaluateEnrolment, PROGRESS, readProgress, type StoredProgress } from '../courses/standing.ts';
import { activitiesOf, loadVersion } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { CARD_COLUMNS, type CardRow, presentCard } from './card.ts';

/** One course that the learner is or was enrolled in. */
interface Row extends CardRow, Record<string, unknown> {
  enrolment: NonNullable<CardRow['enrolment']>;
  versionId: string;
  /** The course to go on with; only its progress is read. */
  next: boolean;
  progress: StoredProgress | null;
  credential: Dashboard['credentials'][number] | null;
}

/** Courses, where to go on, certificates: one statement, and the outline from memory. */
export async function readDashboard(db: Db, userId: string): Promise<Dashboard> {
  const rows = await db.query<Row>(READ, [userId]);
  return {
    resume: await resume(db, rows),
    courses: rows.filter(({ enrolment }) => enrolment.state !== 'suspended').map(presentCard),
    credentials: rows
      .flatMap(({ credential }) => credential ?? [])
      .sort((a, b) => Date.parse(b.issuedAt) - Date.parse(a.issuedAt)),
  };
}

async function resume(db: Db, rows: readonly Row[]): Promise<Dashboard['resume']> {
  const row = rows.find(({ next }) => next);
  const version = row && (await loadVersion(db, row.versionId));
  if (!version) return null;
  const { next } = evaluateEnrolment(version, readProgress(row.progress), new Date());
  const activity = activitiesOf(version).find(({ lineage }) => lineage === next);
  if (!activity) return null;
  return { course: presentCard(row), activityId: activity.id, activityTitle: activity.title };
}

const READ = `
WITH mine AS (
  SELECT DISTINCT ON (o.course_id) o.*,
    coalesce((SELECT max(p.last_seen_at) FROM progress p WHERE p.enrolment_id = o.id), o.enrolled_at) AS touched,
    o.state = 'active' AND (o.access_until IS NULL OR o.access_until >= now()) AS runs
  FROM enrolments o WHERE o.user_id = $1 ORDER BY o.course_id, o.cycle DESC
), ranked AS (
  SELECT m.*, m.runs AND row_number() OVER (ORDER BY m.runs DESC, m.touched DESC) = 1 AS next FROM mine m
)
SELECT ${CARD_COLUMNS}, e.course_version_id AS "versionId", e.next, CASE WHEN e.next THEN ${PROGRESS} END AS progress,
  (SELECT json_build_object('code', k.code, 'courseTitle', k.course_title, 'issuedAt', k.issued_at)
   FROM credentials k WHERE k.enrolment_id = e.id AND k.revoked_at IS NULL) AS credential
FROM ranked e
JOIN courses c ON c.id = e.course_id
JOIN course_versions v ON v.id = e.course_version_id
ORDER BY e.touched DESC`;
