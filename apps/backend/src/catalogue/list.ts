import type { ResponseOf } from '@preau/contract';
import type { listCourses as operation } from '@preau/contract/tenant/learning';
import type { Db } from '../database/db.ts';
import { likePattern } from '../database/like.ts';
import type { Viewer } from '../policies/viewer.ts';
import { CARD_COLUMNS, type CardRow, OWN_ENROLMENT, presentCard } from './card.ts';

interface Query {
  page: number;
  pageSize: number;
  search?: string | undefined;
}

/** The catalogue as the viewer may see it; the SQL says what `can(viewer, 'list', course)` says. */
export async function listCourses(
  db: Db,
  viewer: Viewer,
  { page, pageSize, search }: Query,
): Promise<ResponseOf<typeof operation>> {
  const rows = await db.query<CardRow & { total: number }>(LIST, [
    viewer?.id ?? null,
    search ? likePattern(search) : null,
    pageSize,
    (page - 1) * pageSize,
  ]);
  return { items: rows.map(presentCard), page, pageSize, total: rows[0]?.total ?? 0 };
}

// The page is chosen by what courses alone say; versions, covers and enrolments are read for its rows only.
const LIST = `
WITH mine AS MATERIALIZED (SELECT DISTINCT o.course_id FROM enrolments o WHERE o.user_id = $1),
shown AS (
  SELECT c.id, count(*) OVER () AS total
  FROM courses c
  WHERE c.published_version_id IS NOT NULL
    AND (c.listed OR c.id IN (SELECT m.course_id FROM mine m))
    AND ($1::uuid IS NOT NULL OR EXISTS (SELECT 1 FROM site_settings s WHERE s.catalogue = 'public'))
    AND ($2::text IS NULL OR c.title ILIKE $2 OR c.summary ILIKE $2)
  ORDER BY c.title, c.id
  LIMIT $3 OFFSET $4
)
SELECT ${CARD_COLUMNS}, shown.total::int
FROM shown
JOIN courses c ON c.id = shown.id
JOIN course_versions v ON v.id = c.published_version_id
${OWN_ENROLMENT}
ORDER BY c.title, c.id`;
