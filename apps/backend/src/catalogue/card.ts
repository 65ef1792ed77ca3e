import type { CourseCard } from '@preau/contract/tenant/learning';
import { type Enrolment, stateOf } from '../courses/standing.ts';

export interface CardRow {
  id: string;
  slug: string;
  title: string;
  summary: string;
  coverId: string | null;
  coverAlt: string | null;
  minutes: number;
  modules: number;
  activities: number;
  enrolment: Pick<Enrolment, 'id' | 'state' | 'expired' | 'percent' | 'completedAt'> | null;
}

/** SQL: the columns of a card, from `c` courses, `v` the version shown, `e` the viewer's enrolment if any. */
export const CARD_COLUMNS = `
  c.id, c.slug, c.title, c.summary, c.cover_id AS "coverId",
  (SELECT k.alt FROM assets k WHERE k.id = c.cover_id) AS "coverAlt",
  v.duration_minutes::int AS minutes, v.module_count::int AS modules, v.activity_count::int AS activities,
  CASE WHEN e.id IS NOT NULL THEN json_build_object(
    'id', e.id, 'state', e.state, 'expired', coalesce(e.access_until < now(), false),
    'percent', e.percent, 'completedAt', e.completed_at) END AS enrolment`;

/** SQL: the newest enrolment of user `$1` in course `c`, as `e`. */
export const OWN_ENROLMENT = `
  LEFT JOIN LATERAL (
    SELECT * FROM enrolments o WHERE o.user_id = $1 AND o.course_id = c.id ORDER BY o.cycle DESC LIMIT 1
  ) e ON true`;

export function presentCard(row: CardRow): CourseCard {
  const { enrolment } = row;
  return {
    id: row.id,
    slug: row.slug,
    title: row.title,
    summary: row.summary,
    cover: row.coverId === null ? null : { assetId: row.coverId, alt: row.coverAlt ?? '' },
    durationMinutes: row.minutes,
    modules: row.modules,
    activities: row.activities,
    enrolment: enrolment && {
      id: enrolment.id,
      state: stateOf(enrolment),
      percent: enrolment.percent,
      completedAt: enrolment.completedAt,
    },
  };
}
