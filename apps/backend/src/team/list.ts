import type { QueryOf, ResponseOf } from '@preau/contract';
import type { listTeam as operation, TeamMember } from '@preau/contract/tenant/team';
import type { Db } from '../database/db.ts';
import { likePattern } from '../database/like.ts';

type Page = ResponseOf<typeof operation>;

/** Whoever somebody manages, with what each studies. */
export async function listTeam(
  db: Db,
  managerId: string,
  { page, pageSize, search }: QueryOf<typeof operation>,
): Promise<Omit<Page, 'courses'>> {
  const rows = await db.query<{ item: TeamMember; total: number }>(`${LIST} LIMIT $3 OFFSET $4`, [
    managerId,
    search ? likePattern(search) : null,
    pageSize,
    (page - 1) * pageSize,
  ]);
  const summary = await db.one<Page['summary']>(SUMMARY, [managerId]);
  return { items: rows.map(({ item }) => item), page, pageSize, total: rows[0]?.total ?? 0, summary };
}

/** The whole team, by name. */
export async function wholeTeam(db: Db, managerId: string): Promise<TeamMember[]> {
  const rows = await db.query<{ item: TeamMember }>(LIST, [managerId, null]);
  return rows.map(({ item }) => item);
}

/** What everybody on the platform may come upon: the published courses of the catalogue, by title. */
export async function offeredCourses(db: Db): Promise<Page['courses']> {
  return db.query<{ id: string; title: string }>(
    `SELECT c.id, c.title FROM courses c WHERE c.published_version_id IS NOT NULL AND c.listed
     ORDER BY c.title, c.id LIMIT 500`,
  );
}

const STATE = `CASE WHEN e.state = 'active' AND e.access_until < now() THEN 'expired' ELSE e.state::text END`;
const OVERDUE = `(e.state = 'active' AND e.due_at < now())`;

const LIST = `
SELECT json_build_object(
  'id', u.id, 'name', u.name, 'email', u.email,
  'enrolments', coalesce((
    SELECT json_agg(json_build_object(
      'id', e.id, 'course', json_build_object('id', c.id, 'title', c.title), 'state', ${STATE},
      'percent', e.percent, 'dueAt', e.due_at, 'overdue', coalesce(${OVERDUE}, false),
      'lastSeenAt', (SELECT max(p.last_seen_at) FROM progress p WHERE p.enrolment_id = e.id),
      'completedAt', e.completed_at,
      'certificate', (SELECT k.code FROM credentials k WHERE k.enrolment_id = e.id LIMIT 1)
    ) ORDER BY e.due_at NULLS LAST, c.title, e.id)
    FROM enrolments e JOIN courses c ON c.id = e.course_id WHERE e.user_id = u.id), '[]')
) AS item, (count(*) OVER ())::int AS total
FROM users u
WHERE u.manager_id = $1 AND u.status = 'active' AND ($2::text IS NULL OR u.name ILIKE $2 OR u.email ILIKE $2)
ORDER BY u.name, u.id`;

const SUMMARY = `
SELECT count(DISTINCT u.id)::int AS people,
  count(*) FILTER (WHERE ${STATE} = 'active')::int AS active,
  count(*) FILTER (WHERE e.state = 'completed')::int AS completed,
  count(*) FILTER (WHERE ${OVERDUE})::int AS overdue
FROM users u LEFT JOIN enrolments e ON e.user_id = u.id
WHERE u.manager_id = $1 AND u.status = 'active'`;
