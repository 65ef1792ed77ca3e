import type { QueryOf, ResponseOf } from '@preau/contract';
import type { EnrolmentRow, listEnrolments as operation } from '@preau/contract/tenant/enrolments';
import type { Db } from '../database/db.ts';
import { likePattern } from '../database/like.ts';
import { found } from '../http/problem.ts';

type Query = QueryOf<typeof operation>;
type Filters = Pick<Query, 'search' | 'state'>;
type Page = ResponseOf<typeof operation>;

/** Who is where in a course: one page of learners, with figures over all of them. */
export async function listEnrolments(
  db: Db,
  courseId: string,
  { page, pageSize, sort, ...filters }: Query,
): Promise<Page> {
  const course = await readCourse(db, courseId);
  const values = [courseId, pattern(filters), filters.state ?? null];
  const [rows, figures] = await Promise.all([
    db.query<{ item: EnrolmentRow; total: number }>(`${ROWS} ORDER BY ${ORDER[sort]} LIMIT $4 OFFSET $5`, [
      ...values,
      pageSize,
      (page - 1) * pageSize,
    ]),
    db.one<Page['summary'] & { histogram: number[] }>(FIGURES, [courseId]),
  ]);
  const { histogram, ...summary } = figures;
  const items = rows.map(({ item }) => item);
  return { course, items, page, pageSize, total: rows[0]?.total ?? 0, summary, histogram };
}

/** Every learner that the filters find, by name. */
export async function allEnrolments(
  db: Db,
  courseId: string,
  filters: Filters,
): Promise<{ course: Page['course']; items: EnrolmentRow[] }> {
  const course = await readCourse(db, courseId);
  const rows = await db.query<{ item: EnrolmentRow }>(`${ROWS} ORDER BY ${ORDER.name}`, [
    courseId,
    pattern(filters),
    filters.state ?? null,
  ]);
  return { course, items: rows.map(({ item }) => item) };
}

async function readCourse(db: Db, courseId: string): Promise<Page['course']> {
  return found(
    await db.maybe<Page['course']>('SELECT c.id, c.title FROM courses c WHERE c.id = $1', [courseId]),
  );
}

const pattern = ({ search }: Filters) => (search ? likePattern(search) : null);

const ORDER: Record<Query['sort'], string> = {
  name: 'l.name, l.id',
  percent: 'l.percent DESC, l.name, l.id',
  lastSeen: 'l.last_seen DESC NULLS LAST, l.name, l.id',
  enrolled: 'l.enrolled_at DESC, l.name, l.id',
};

const STATE = `CASE WHEN e.state = 'active' AND e.access_until < now() THEN 'expired' ELSE e.state::text END`;

const ROWS = `
SELECT json_build_object(
  'id', l.id, 'user', json_build_object('id', l.user_id, 'name', l.name, 'email', l.email),
  'version', l.number, 'state', l.state, 'source', l.source, 'percent', l.percent,
  'currentActivity', l.current, 'bestQuizPercent', l.best, 'timeSpentSeconds', l.seconds,
  'enrolledAt', l.enrolled_at, 'lastSeenAt', l.last_seen, 'completedAt', l.completed_at
) AS item, (count(*) OVER ())::int AS total
FROM (
  SELECT e.id, e.user_id, u.name, u.email, v.number, ${STATE} AS state, e.source, e.percent, e.enrolled_at,
    e.completed_at, p.last_seen, p.best, coalesce(p.seconds, 0) AS seconds,
    (SELECT a.title FROM progress o JOIN activities a ON a.id = o.activity_id
     WHERE o.enrolment_id = e.id ORDER BY o.last_seen_at DESC LIMIT 1) AS current
  FROM enrolments e
  JOIN users u ON u.id = e.user_id
  JOIN course_versions v ON v.id = e.course_version_id
  LEFT JOIN LATERAL (
    SELECT max(o.last_seen_at) AS last_seen, max(o.best_percent) AS best, sum(o.time_spent_seconds) AS seconds
    FROM progress o WHERE o.enrolment_id = e.id
  ) p ON true
  WHERE e.course_id = $1 AND ($2::text IS NULL OR u.name ILIKE $2 OR u.email ILIKE $2)
) l
WHERE $3::text IS NULL OR l.state = $3`;

const FIGURES = `
SELECT
  count(*) FILTER (WHERE l.state = 'active')::int AS active,
  count(*) FILTER (WHERE l.state = 'completed')::int AS completed,
  coalesce(round(avg(l.percent)), 0)::int AS "averagePercent",
  array(
    SELECT count(*) FILTER (WHERE m.bucket = step)::int
    FROM generate_series(0, 9) AS step
    LEFT JOIN (SELECT least(floor(e.percent / 10), 9)::int AS bucket FROM enrolments e
      WHERE e.course_id = $1 AND e.state <> 'suspended') m ON true
    GROUP BY step ORDER BY step
  ) AS histogram
FROM (SELECT ${STATE} AS state, e.percent FROM enrolments e WHERE e.course_id = $1 AND e.state <> 'suspended') l`;
