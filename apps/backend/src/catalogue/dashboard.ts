import type { Dashboard } from '@preau/contract/tenant/learning';
import { ENROLMENT, type Enrolment, evaluateEnrolment, isRunning } from '../courses/standing.ts';
import { activitiesOf, loadVersion } from '../courses/version.ts';
import type { Db } from '../database/db.ts';
import { CARD_COLUMNS, type CardRow, presentCard } from './card.ts';

interface Row {
  cards: (CardRow & { lastSeen: string | null })[];
  /** The whole enrolment in the course to go on with. */
  resume: { courseId: string; enrolment: Enrolment } | null;
  credentials: Dashboard['credentials'];
}

/** Courses, where to go on, certificates: one statement, and the outline from memory. */
export async function readDashboard(db: Db, userId: string): Promise<Dashboard> {
  const row = await db.one<Row>(READ, [userId]);
  return {
    resume: await resume(db, row),
    courses: row.cards.map(presentCard),
    credentials: row.credentials,
  };
}

async function resume(db: Db, { resume: place, cards }: Row): Promise<Dashboard['resume']> {
  const card = cards.find(({ id }) => id === place?.courseId);
  if (!place || !card || !isRunning(place.enrolment)) return null;
  const version = await loadVersion(db, place.enrolment.versionId);
  if (!version) return null;
  const { next } = evaluateEnrolment(version, place.enrolment.progress, new Date());
  const activity = activitiesOf(version).find(({ lineage }) => lineage === next);
  if (!activity) return null;
  return { course: presentCard(card), activityId: activity.id, activityTitle: activity.title };
}

const READ = `
WITH mine AS (
  SELECT DISTINCT ON (o.course_id) o.*,
    (SELECT max(p.last_seen_at) FROM progress p WHERE p.enrolment_id = o.id) AS seen
  FROM enrolments o WHERE o.user_id = $1 ORDER BY o.course_id, o.cycle DESC
), cards AS (
  SELECT ${CARD_COLUMNS}, coalesce(e.seen, e.enrolled_at) AS touched
  FROM mine e
  JOIN courses c ON c.id = e.course_id
  JOIN course_versions v ON v.id = e.course_version_id
  WHERE e.state <> 'suspended'
)
SELECT
  (SELECT coalesce(json_agg(cards ORDER BY touched DESC), '[]') FROM cards) AS cards,
  (
    SELECT json_build_object('courseId', c.id, 'enrolment', ${ENROLMENT})
    FROM mine m JOIN courses c ON c.id = m.course_id
    WHERE m.state = 'active' AND (m.access_until IS NULL OR m.access_until >= now())
    ORDER BY coalesce(m.seen, m.enrolled_at) DESC LIMIT 1
  ) AS resume,
  (
    SELECT coalesce(json_agg(json_build_object(
      'code', k.code, 'courseTitle', k.course_title, 'issuedAt', k.issued_at) ORDER BY k.issued_at DESC), '[]')
    FROM mine m JOIN credentials k ON k.enrolment_id = m.id WHERE k.revoked_at IS NULL
  ) AS credentials`;
